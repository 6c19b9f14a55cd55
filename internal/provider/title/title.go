// SPDX-License-Identifier: MPL-2.0

// Package title lists the titles of all diagnostics. The troubleshooting guide explains each.
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
	AnotherConfiguration            = "Another Configuration in the Same Process"
	AuthenticationFailed            = "Authentication Failed"
	CachedResponse                  = "Cached Response"
	ClockIsWrong                    = "Clock Is Wrong"
	ConfigurationFileCannotBeRead   = "Configuration File Cannot Be Read"
	ConnectionFailed                = "Connection Failed"
	DeprecatedAPIVersion            = "Deprecated API Version"
	EndpointNotFound                = "Endpoint Not Found"
	FilterIgnored                   = "Filter Ignored"
	HostNameNotFound                = "Host Name Not Found"
	ImageIsNotShared                = "Image Is Not Shared"
	ImageNotFound                   = "Image Not Found"
	ImagesCouldNotBeRead            = "Images Could Not Be Read"
	InvalidAttributeValue           = "Invalid Attribute Value"
	InvalidConfigurationFile        = "Invalid Configuration File"
	InvalidProxyVariable            = "Invalid Proxy Variable"
	ListIsNotComplete               = "List Is Not Complete"
	MachineLimitReached             = "Machine Limit Reached"
	MemberListedTwice               = "Member Listed Twice"
	MissingRegion                   = "Missing Region"
	NameResolutionFailed            = "Name Resolution Failed"
	PermissionDenied                = "Permission Denied"
	ProviderNotConfiguredYet        = "Provider Not Configured Yet"
	ProxyDidNotConnect              = "Proxy Did Not Connect"
	ReadNotPossible                 = "Read Not Possible"
	ReadStopped                     = "Read Stopped"
	ReadTimedOut                    = "Read Timed Out"
	ReadTimedOutWhileRateLimited    = "Read Timed Out While Rate Limited"
	RedirectNotFollowed             = "Redirect Not Followed"
	RegionHasNoEffect               = "Region Has No Effect"
	RequestRejected                 = "Request Rejected"
	RequestTimedOut                 = "Request Timed Out"
	ResponseNotFromSCP              = "Response Not From SCP"
	SCPServerError                  = "SCP Server Error"
	SettingIgnored                  = "Setting Ignored"
	TLSConnectionFailed             = "TLS Connection Failed"
	TooManyRequests                 = "Too Many Requests"
	UnexpectedState                 = "Unexpected State"
	UnexpectedStatus                = "Unexpected Status"
	UnknownVisibility               = "Unknown Visibility"
	UntestedAPIVersion              = "Untested API Version"
	UnusableResponse                = "Unusable Response"
)
