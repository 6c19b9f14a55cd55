# Is images.json a list that the recipe "review" accepts too? policy.rego has images.json as its data, and cannot see what it does not
# name: a key that nothing reads, or what is no text. So check.sh and conftest.sh put the file itself to these rules first. account
# and regions are not needed here.

package list

deny contains sprintf("images.json has the key %v, which nothing reads", [key]) if {
	some key, _ in input
	not key in {"account", "regions", "images", "accounts", "trusted", "public", "until", "notes", "provider_settings"}
}

deny contains "images.json is no object with images" if not is_object(input.images)

deny contains sprintf("images.json: account is not the ID of an account: %v", [input.account]) if not account_id(input.account)

deny contains sprintf("images.json: %s is not a list of texts", [name]) if {
	some name in {"regions", "trusted", "public", "provider_settings"}
	not is_null(input[name])
	not texts(input[name])
}

deny contains sprintf("images.json: %s is not an object of texts", [name]) if {
	some name in {"accounts", "until"}
	not is_null(input[name])
	not object_of_texts(input[name])
}

deny contains sprintf("images.json: regions is empty, has an empty name, or has default beside other regions: %v", [input.regions]) if not regions

deny contains sprintf("images.json has no list of accounts for image %s", [image]) if {
	some image, accounts in input.images
	not is_array(accounts)
}

deny contains sprintf("images.json: %v is not the ID of an account", [account]) if {
	some account in accounts
	not account_id(account)
}

deny contains sprintf("images.json: %v is not the ID of an image", [image]) if {
	some image in images
	not image_id(image)
}

deny contains sprintf("images.json has an image in two spellings: %s", [image]) if {
	some image, _ in input.images
	some other, _ in input.images
	image < other
	lower(replace(image, "-", "")) == lower(replace(other, "-", ""))
}

deny contains sprintf("images.json: until has the key %s, which is not IMAGE/ACCOUNT", [pair]) if {
	some pair, _ in input.until
	not regex.match(`^[0-9A-Za-z_-]+/[0-9A-Za-z-]+$`, pair)
}

# The recipe "review" cannot compare with 9999-12-31.
deny contains sprintf("images.json: until has %v, which is not a date such as 2027-03-31", [date]) if {
	some date in input.until
	not is_date(date)
}

account_id(id) if regex.match(`^[0-9A-Za-z-]*[0-9A-Za-z][0-9A-Za-z-]*$`, id)

image_id(id) if regex.match(`^[0-9A-Za-z_-]+$`, id)

is_date(date) if {
	regex.match(`^\d{4}-\d\d-\d\d$`, date)
	date != "9999-12-31"
	time.parse_rfc3339_ns(concat("", [date, "T00:00:00Z"]))
}

texts(list) if {
	is_array(list)
	every text in list { is_string(text) }
}

object_of_texts(map) if {
	is_object(map)
	every _, text in map { is_string(text) }
}

regions if not input.regions

regions if {
	count(input.regions) > 0
	not "" in input.regions
	not "default" in input.regions
}

regions if {
	every region in input.regions { region == "default" }
	count(input.regions) > 0
}

accounts contains account if some account in input.images[_]

accounts contains account if some account in input.trusted

accounts contains account if some account, _ in input.accounts

images contains image if some image, _ in input.images

images contains image if some image in input.public

verdict := "ALLOWED" if count(deny) == 0

verdict := concat("\n", deny) if count(deny) > 0
