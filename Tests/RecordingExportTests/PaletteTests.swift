import Foundation
import RecordingExport
import RecordingFormat
import Testing

/// The page's colours, measured as WCAG 2 measures them.
@Suite struct PaletteTests {
    private static func style() throws -> String {
        let page = try encodedText(
            SampleSession.cast([]),
            by: PageEncoder(summaries: [], selection: PageSelection([]), hash: { _ in [] })
        )
        return String(try #require(page.firstMatch(of: /<style>([^<]*)<\/style>/)).output.1)
    }

    private static func luminance(_ hexadecimal: Substring) -> Double {
        let value = Int(hexadecimal, radix: 16) ?? 0
        let linear = [16, 8, 0].map { shift in
            let channel = Double(value >> shift & 0xFF) / 255
            return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    private static func contrast(_ first: Double, _ second: Double) -> Double {
        (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    @Test("Any text colour on any ground, light and dark, has a contrast of 4.5 to 1")
    func everyPairCanBeRead() throws {
        let style = try Self.style()
        let texts = style.matches(of: /\.f\d+\{color:light-dark\(#(\w{6}),#(\w{6})\)\}/)
        let grounds = style.matches(of: /\.b\d+\{background:#(\w{6});color-scheme:(light|dark);/)
        #expect(texts.count == 256)
        #expect(grounds.count == 256)
        for text in texts {
            let (onLight, onDark) = (Self.luminance(text.output.1), Self.luminance(text.output.2))
            for ground in grounds {
                let luminance = Self.luminance(ground.output.1)
                let ratio = Self.contrast(luminance, ground.output.2 == "light" ? onLight : onDark)
                #expect(ratio >= 4.5, "\(text.output.0) on \(ground.output.0)")
            }
        }
    }

    @Test("The page's own words can be read on each of its grounds")
    func ownColorsCanBeRead() throws {
        let style = try Self.style()
        var colors: [Substring: (light: Double, dark: Double)] = [:]
        for match in style.matches(of: /--(\w+): light-dark\(#(\w{6}), #(\w{6})\);/) {
            colors[match.output.1] = (Self.luminance(match.output.2), Self.luminance(match.output.3))
        }
        for ground in ["page", "card", "console"] {
            let below = try #require(colors[Substring(ground)])
            for text in ["ink", "quiet", "accent", "ok", "warn", "bad", "mute"] {
                let above = try #require(colors[Substring(text)])
                #expect(Self.contrast(below.light, above.light) >= 4.5, "\(text) on \(ground), light")
                #expect(Self.contrast(below.dark, above.dark) >= 4.5, "\(text) on \(ground), dark")
            }
        }
        let text = try #require(
            style.firstMatch(of: /mark \{ background: var\(--hit\); color: light-dark\(#(\w+), #(\w+)\)/)
        )
        for ground in ["hit", "here"] {
            let below = try #require(colors[Substring(ground)])
            #expect(Self.contrast(below.light, Self.luminance(text.output.1)) >= 4.5, "\(ground), light")
            #expect(
                Self.contrast(below.dark, Self.luminance(text.output.2)) >= 4.5 || ground == "here",
                "\(ground), dark"
            )
        }
    }
}
