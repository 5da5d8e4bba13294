/// An option as it was given, in a spelling that can be given once more.
package struct GivenOption: Sendable, Hashable {
    /// What two spellings of one option have in common.
    package let key: String
    /// The Unix spelling without its dashes, else PowerShell's.
    package let name: String
    /// One argument: the option with its value, `--fanout=8`.
    package let argument: String

    init(_ option: CommandOption, _ value: String) {
        key = option.setName
        name = option.long ?? option.name
        if let long = option.long {
            argument = option.value.isSwitch ? "--\(long)" : "--\(long)=\(value)"
        } else {
            argument = "-\(option.name):\(value)"
        }
    }
}
