/// xterm's 256 colours on the page's light and dark grounds, each moved towards black or white until text in it has a
/// contrast of at least 4.5 to 1 (WCAG 2, 1.4.3) with whatever ground it can stand on.
enum Palette {
    /// Luminances that keep the contrast: text on light grounds is at most so bright, and on dark ones at least.
    private static let darkestGround = (light: 0.60, text: 0.094)
    private static let brightestGround = (dark: 0.03, text: 0.31)

    /// The style sheet's rules: `f1` to `f255` for text, `b1` to `b255` for grounds, `bi` for an inverted ground.
    static let css: String = {
        var rules = ".bi{background:var(--ink);color:var(--console)}\n"
        let colors = (0...255).map(color)
        // Grounds come first: text on them has a colour of its own that wins.
        for (index, color) in colors.enumerated() {
            let isDark = color.luminance < 0.18
            let ground =
                isDark
                ? color.moved(to: .black) { $0.luminance <= brightestGround.dark }
                : color.moved(to: .white) { $0.luminance >= darkestGround.light }
            let scheme = isDark ? "dark" : "light"
            rules +=
                ".b\(index){background:\(ground.hexadecimal);color-scheme:\(scheme);color:light-dark(#1f2328,#e3e6ea)}\n"
        }
        for (index, color) in colors.enumerated() {
            let onLight = color.moved(to: .black) { $0.luminance <= darkestGround.text }
            let onDark = color.moved(to: .white) { $0.luminance >= brightestGround.text }
            rules += ".f\(index){color:light-dark(\(onLight.hexadecimal),\(onDark.hexadecimal))}\n"
        }
        return rules + ".sf{color:var(--quiet)}.sb{font-weight:700}.si{font-style:italic}"
            + ".su{text-decoration:underline}.ss{text-decoration:line-through}\n"
    }()

    /// The colour of the 256 that is nearest to red, green and blue, 0 to 255 each.
    static func nearest(_ channels: [Int]) -> Int {
        let wanted = channels.map { min(max($0, 0), 255) }
        var nearest = (index: 16, distance: Int.max)
        for (index, color) in channelsOfColors.enumerated().dropFirst(16) {
            var distance = 0
            for channel in 0..<3 { distance += (color[channel] - wanted[channel]) * (color[channel] - wanted[channel]) }
            if distance < nearest.distance { nearest = (index, distance) }
        }
        return nearest.index
    }

    /// Red, green and blue of each colour, 0 to 255.
    private static let channelsOfColors: [[3 of Int]] = (0...255).map(color).map(\.integers)

    private static func color(_ index: Int) -> RGB {
        switch index {
        case 0..<16:
            // Hues as in most terminals; brightness is the page's to choose.
            let named: [[Double]] = [
                [0, 0, 0], [205, 49, 49], [13, 145, 80], [170, 120, 0], [36, 100, 200], [170, 50, 170], [15, 140, 170],
                [160, 165, 170], [102, 102, 102], [235, 75, 75], [35, 180, 110], [210, 160, 20], [70, 140, 240],
                [210, 90, 210], [40, 180, 210], [229, 229, 229],
            ]
            return RGB(named[index])
        case 16..<232:
            let cube = index - 16
            return RGB([cube / 36, cube / 6 % 6, cube % 6].map { $0 == 0 ? 0 : Double($0) * 40 + 55 })
        default: return RGB(Array(repeating: Double(index - 232) * 10 + 8, count: 3))
        }
    }
}

/// A colour of the sRGB space, 0 to 255 a channel.
private struct RGB {
    static let black = RGB([0, 0, 0])
    static let white = RGB([255, 255, 255])
    private let channels: [Double]

    init(_ channels: [Double]) {
        self.channels = channels
    }

    /// Relative luminance (WCAG 2).
    var luminance: Double {
        let linear = channels.map { channel in
            let value = channel / 255
            return value <= 0.04045 ? value / 12.92 : Self.powerOf2Point4((value + 0.055) / 1.055)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    var hexadecimal: String {
        channels.reduce("#") { text, channel in
            let digits = String(Int(channel.rounded()), radix: 16)
            return text + (digits.count < 2 ? "0" : "") + digits
        }
    }

    var integers: [3 of Int] { [Int(channels[0]), Int(channels[1]), Int(channels[2])] }

    /// Mixed with another colour, no more than it takes.
    func moved(to other: RGB, until isEnough: (RGB) -> Bool) -> RGB {
        for part in stride(from: 0.0, through: 1.0, by: 0.02) {
            let mixed = RGB(zip(channels, other.channels).map { ($0 * (1 - part) + $1 * part).rounded() })
            if isEnough(mixed) { return mixed }
        }
        return other
    }

    /// x to the power of 2.4, which is x² times the fifth root of x², by Newton's method.
    private static func powerOf2Point4(_ x: Double) -> Double {
        let square = x * x
        var root = 1.0
        for _ in 0..<60 { root -= (root - square / (root * root * root * root)) / 5 }
        return square * root
    }
}
