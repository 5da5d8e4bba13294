/// Colours and attributes that a terminal gives to text, as SGR sequences set them (ECMA-48, 8.3.117, and what xterm adds:
/// 256 and direct colours, underline styles).
package struct TextStyle: Sendable, Hashable {
    package enum Color: Sendable, Hashable {
        case standard
        /// One of the sixteen, 0 to 15.
        case ansi(UInt8)
        case palette(UInt8)
        case direct(UInt8, UInt8, UInt8)
    }

    package struct Attributes: OptionSet, Sendable, Hashable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        package static let bold = Attributes(rawValue: 1 << 1)
        package static let faint = Attributes(rawValue: 1 << 2)
        package static let italic = Attributes(rawValue: 1 << 3)
        package static let slowBlink = Attributes(rawValue: 1 << 5)
        package static let fastBlink = Attributes(rawValue: 1 << 6)
        package static let inverse = Attributes(rawValue: 1 << 7)
        package static let hidden = Attributes(rawValue: 1 << 8)
        package static let struck = Attributes(rawValue: 1 << 9)
    }

    package var foreground = Color.standard
    package var background = Color.standard
    package var underlineColor = Color.standard
    package var attributes: Attributes = []
    /// 0 for none, 1 for a line, up to 5 for others.
    package var underline: UInt8 = 0
    package var isOverlined = false

    package static let plain = TextStyle()

    /// The sequence that gives a terminal in any state this style.
    package var sequence: [UInt8] {
        var codes = "\u{1B}[0"
        for number in 1...9 where attributes.contains(Attributes(rawValue: 1 << UInt16(number))) {
            codes += ";\(number)"
        }
        if underline > 0 { codes += underline == 1 ? ";4" : ";4:\(underline)" }
        if isOverlined { codes += ";53" }
        codes += Self.code(of: foreground, normal: 30, bright: 90, extended: 38)
        codes += Self.code(of: background, normal: 40, bright: 100, extended: 48)
        codes += Self.code(of: underlineColor, normal: nil, bright: nil, extended: 58)
        return Array((codes + "m").utf8)
    }

    private static func code(of color: Color, normal: UInt8?, bright: UInt8?, extended: UInt8) -> String {
        switch color {
        case .standard: ""
        case .ansi(let number):
            if let normal, let bright {
                ";\(number < 8 ? normal + number : bright + number - 8)"
            } else {
                ";\(extended);5;\(number)"
            }
        case .palette(let number): ";\(extended);5;\(number)"
        case .direct(let red, let green, let blue): ";\(extended);2;\(red);\(green);\(blue)"
        }
    }
}
