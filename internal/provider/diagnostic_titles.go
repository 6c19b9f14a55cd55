// SPDX-License-Identifier: MPL-2.0

package provider

// title is the summary of a diagnostic. The troubleshooting guide has a heading for each.
type title int

const (
	titleAPIVersionNotAccepted title = iota
	titleAPIVersionPastItsGuaranteedDate
	titleAnswerFromACache
	titleAnswerNotFromSCP
	titleClockIsWrong
	titleConfigurationFileCannotBeRead
	titleConnectionFailed
	titleDeprecatedAPIVersion
	titleEndpointNotFound
	titleFilterIgnored
	titleHeldBackByTooManyRequests
	titleHostNameNotFound
	titleImageIsNotShared
	titleImageListedTwice
	titleImageNotFound
	titleImagesCouldNotBeRead
	titleInvalidAttributeValue
	titleInvalidConfigurationFile
	titleInvalidProxyVariable
	titleInvalidTimeout
	titleListChangedWhileItWasRead
	titleListRepeatsItself
	titleMissingRegion
	titleNameResolutionFailed
	titleNoSecureConnection
	titleNotAuthenticated
	titleNotFound
	titleNotPermitted
	titleProviderNotConfiguredYet
	titleProxyDidNotConnect
	titleReadNotPossible
	titleReadStopped
	titleReadTimedOut
	titleRedirectNotFollowed
	titleRegionWouldBeIgnored
	titleRequestRefused
	titleSCPDidNotAnswerInTime
	titleSCPServerError
	titleSettingIgnored
	titleTooManyRequests
	titleUnexpectedAnswer
	titleUnexpectedProviderData
	titleUnexpectedState
	titleUntestedAPIVersion
	titleUnusableAnswer
	titleVersionListRefused
	numberOfTitles
)

var titles = [numberOfTitles]string{
	titleAPIVersionNotAccepted:           "API Version Not Accepted",
	titleAPIVersionPastItsGuaranteedDate: "API Version Past Its Guaranteed Date",
	titleAnswerFromACache:                "Answer From a Cache",
	titleAnswerNotFromSCP:                "Answer Not From SCP",
	titleClockIsWrong:                    "Clock Is Wrong",
	titleConfigurationFileCannotBeRead:   "Configuration File Cannot Be Read",
	titleConnectionFailed:                "Connection Failed",
	titleDeprecatedAPIVersion:            "Deprecated API Version",
	titleEndpointNotFound:                "Endpoint Not Found",
	titleFilterIgnored:                   "Filter Ignored",
	titleHeldBackByTooManyRequests:       "Held Back by Too Many Requests",
	titleHostNameNotFound:                "Host Name Not Found",
	titleImageIsNotShared:                "Image Is Not Shared",
	titleImageListedTwice:                "Image Listed Twice",
	titleImageNotFound:                   "Image Not Found",
	titleImagesCouldNotBeRead:            "Images Could Not Be Read",
	titleInvalidAttributeValue:           "Invalid Attribute Value",
	titleInvalidConfigurationFile:        "Invalid Configuration File",
	titleInvalidProxyVariable:            "Invalid Proxy Variable",
	titleInvalidTimeout:                  "Invalid Timeout",
	titleListChangedWhileItWasRead:       "List Changed While It Was Read",
	titleListRepeatsItself:               "List Repeats Itself",
	titleMissingRegion:                   "Missing Region",
	titleNameResolutionFailed:            "Name Resolution Failed",
	titleNoSecureConnection:              "No Secure Connection",
	titleNotAuthenticated:                "Not Authenticated",
	titleNotFound:                        "Not Found",
	titleNotPermitted:                    "Not Permitted",
	titleProviderNotConfiguredYet:        "Provider Not Configured Yet",
	titleProxyDidNotConnect:              "Proxy Did Not Connect",
	titleReadNotPossible:                 "Read Not Possible",
	titleReadStopped:                     "Read Stopped",
	titleReadTimedOut:                    "Read Timed Out",
	titleRedirectNotFollowed:             "Redirect Not Followed",
	titleRegionWouldBeIgnored:            "Region Would Be Ignored",
	titleRequestRefused:                  "Request Refused",
	titleSCPDidNotAnswerInTime:           "SCP Did Not Answer in Time",
	titleSCPServerError:                  "SCP Server Error",
	titleSettingIgnored:                  "Setting Ignored",
	titleTooManyRequests:                 "Too Many Requests",
	titleUnexpectedAnswer:                "Unexpected Answer",
	titleUnexpectedProviderData:          "Unexpected Provider Data",
	titleUnexpectedState:                 "Unexpected State",
	titleUntestedAPIVersion:              "Untested API Version",
	titleUnusableAnswer:                  "Unusable Answer",
	titleVersionListRefused:              "Version List Refused",
}

// String returns the title as a person reads it.
func (t title) String() string { return titles[t] }

// The titles of what is wrong with a setting begin like this, and end with its name.
const (
	titleInvalid = "Invalid "
	titleMissing = "Missing "
)
