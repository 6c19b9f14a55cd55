// SPDX-License-Identifier: MPL-2.0

// Package title lists the titles of all diagnostics. The troubleshooting guide has a heading for each.
package title

// The titles of what is wrong with a setting begin like this, and end with its name.
const (
	Invalid = "Invalid "
	Missing = "Missing "
)

// The titles of everything else.
const (
	APIVersionNotAccepted           = "API Version Not Accepted"
	APIVersionPastItsGuaranteedDate = "API Version Past Its Guaranteed Date"
	AnswerFromACache                = "Answer From a Cache"
	AnswerNotFromSCP                = "Answer Not From SCP"
	ClockIsWrong                    = "Clock Is Wrong"
	ConfigurationFileCannotBeRead   = "Configuration File Cannot Be Read"
	ConnectionFailed                = "Connection Failed"
	DeprecatedAPIVersion            = "Deprecated API Version"
	EndpointNotFound                = "Endpoint Not Found"
	FilterIgnored                   = "Filter Ignored"
	HeldBackByTooManyRequests       = "Held Back by Too Many Requests"
	HostNameNotFound                = "Host Name Not Found"
	ImageIsNotShared                = "Image Is Not Shared"
	ImageListedTwice                = "Image Listed Twice"
	ImageNotFound                   = "Image Not Found"
	ImagesCouldNotBeRead            = "Images Could Not Be Read"
	InvalidAttributeValue           = "Invalid Attribute Value"
	InvalidConfigurationFile        = "Invalid Configuration File"
	InvalidProxyVariable            = "Invalid Proxy Variable"
	ListChangedWhileItWasRead       = "List Changed While It Was Read"
	ListRepeatsItself               = "List Repeats Itself"
	MissingRegion                   = "Missing Region"
	NameResolutionFailed            = "Name Resolution Failed"
	NoSecureConnection              = "No Secure Connection"
	NotAuthenticated                = "Not Authenticated"
	NotFound                        = "Not Found"
	NotPermitted                    = "Not Permitted"
	ProviderNotConfiguredYet        = "Provider Not Configured Yet"
	ProxyDidNotConnect              = "Proxy Did Not Connect"
	ReadNotPossible                 = "Read Not Possible"
	ReadStopped                     = "Read Stopped"
	ReadTimedOut                    = "Read Timed Out"
	RedirectNotFollowed             = "Redirect Not Followed"
	RegionWouldBeIgnored            = "Region Would Be Ignored"
	RequestRefused                  = "Request Refused"
	SCPDidNotAnswerInTime           = "SCP Did Not Answer in Time"
	SCPServerError                  = "SCP Server Error"
	SettingIgnored                  = "Setting Ignored"
	TooManyRequests                 = "Too Many Requests"
	UnexpectedAnswer                = "Unexpected Answer"
	UnexpectedProviderData          = "Unexpected Provider Data"
	UnexpectedState                 = "Unexpected State"
	UntestedAPIVersion              = "Untested API Version"
	UnusableAnswer                  = "Unusable Answer"
	VersionListRefused              = "Version List Refused"
)
