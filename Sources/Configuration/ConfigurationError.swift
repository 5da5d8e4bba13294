/// Why a configuration cannot be used.
package struct ConfigurationError: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable {
        case notYAML = "ConfigurationNotYAML"
        case wrongShape = "ConfigurationShape"
        case unknownKey = "ConfigurationKeyUnknown"
        case repeatedKey = "ConfigurationKeyRepeated"
        case secretInClear = "SecretInClear"
        case invalidValue = "ConfigurationValueInvalid"
        case contradiction = "ConfigurationContradiction"
        case invalidPattern = "HostPatternInvalid"
        case notForHosts = "SettingForAllHosts"
        case notTrusted = "ProjectNotTrusted"
    }

    package let code: Code
    package let origin: SettingOrigin
    /// What is wrong and what to do: whole sentences.
    package let text: String

    package init(_ code: Code, _ origin: SettingOrigin, _ text: String) {
        self.code = code
        self.origin = origin
        self.text = text
    }

    /// `/home/op/.config/psrun/config.yaml:3:1: there is no setting 'fanuot'. Did you mean fanout?`
    package var message: String { "\(origin): \(text)" }
}
