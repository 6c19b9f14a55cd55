// SPDX-License-Identifier: MPL-2.0

package config

// A test of a setting sets it in some places and looks at the result:
//
//	c := evaluate(sources{
//		block:  map[string]attr.Value{"environment": types.StringValue("e")},
//		getenv: getenv(keysInVariables),
//	})
//	if c.Errors.HasError() { … }

// keysInVariables are the settings that every configuration needs.
var keysInVariables = map[string]string{"SCP_TF_ACCESS_KEY": "access", "SCP_TF_SECRET_KEY": "secret", "SCP_TF_ENVIRONMENT": "e"}

// getenv returns an os.Getenv with these variables only.
func getenv(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}
