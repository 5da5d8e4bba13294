import Processes
import Testing

struct OutputCharsetTests {
    @Test(
        "Words are in UTF-8 where the locale is",
        arguments: [
            ([:], false), (["LANG": "C"], false), (["LANG": "de_DE.UTF-8"], true), (["LANG": "C.utf8"], true),
            (["LANG": "de_DE.UTF-8@euro"], true), (["LANG": "de_DE.UTF-8", "LC_ALL": "C"], false),
            (["LANG": "C", "LC_CTYPE": "C.UTF-8"], true), (["LANG": "C.UTF-8", "LC_ALL": ""], true),
            (["LANG": "de_DE.ISO-8859-1"], false),
        ] as [([String: String], Bool)]
    )
    func locale(environment: [String: String], isUTF8: Bool) {
        #expect(OutputCharset.isUTF8(environment) == isUTF8)
    }

    @Test("Elsewhere psrun's own signs have plain forms")
    func plain() {
        #expect(OutputCharset.plain("psrun run PLAYBOOK …; a → b, 1–2") == "psrun run PLAYBOOK ...; a -> b, 1-2")
    }
}
