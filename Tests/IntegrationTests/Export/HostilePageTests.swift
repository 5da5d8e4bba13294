import PSRunTestSupport
import Testing

/// A far side, a playbook and a file that want to be more than text in an exported page.
@Suite struct HostilePageTests {
    private static let attacks = [
        "</script><script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
        "\"><svg onload=document.title='owned'>", "' onmouseover='document.title=1", "<!-- <script>", "--><b>",
        "</pre></ol></section></main><h1>owned</h1>", "</style><style>body{display:none}", "&lt;b&gt;&#60;",
        "<link rel=stylesheet href=http://127.0.0.1:9/x>", "<iframe src=javascript:alert(1)>", "<base href=//x>",
        "\u{2028}\u{2029}document.title='owned'", "\u{202E}drawkcab\u{2066}", "\u{1b}]8;;http://127.0.0.1:9\u{7}link",
        "${document.title='owned'}", "\u{0}\u{FEFF}\u{FFFE}\u{7F}\u{9B}2J", "<plaintext>", "<template><noscript>",
        "\u{1b}[38;5;1\";onload=x\"m", "]]>", "{{7*7}}",
    ]

    @Test("Whatever a recording says is text: no element, no attribute, no request, no script comes of it")
    func nothingIsInjected() async throws {
        let place = try Workplace()
        var recording = HandmadeRecording(playbook: "<b>night</b>.ps1")
        for attack in Self.attacks {
            recording.add(
                target: attack,
                outcome: "broken",
                error: attack,
                steps: [
                    .init(
                        time: 0.1,
                        text: attack,
                        outcome: "error",
                        events: [
                            ("console", attack + "\r\n"), ("error", attack), ("warning", "{\"message\":\"<i>\"}"),
                            ("progress", "{\"Activity\":\"<u>\"}"), ("connection", attack),
                        ]
                    )
                ]
            )
        }
        // A recording that no psrun wrote may have anything for a marker and an outcome.
        recording.add(target: "marker", steps: [.init(time: 0.1, text: "x", outcome: "<em>\\u0022")])
        let file = try recording.write(to: place.folder)
        let page = place.folder.path(of: "night.html")
        let outcome = try await place.psrun(["export", "--from", file, "--as", "html", "--output", page])
        #expect(outcome.ending == .exited(0), "\(outcome)")

        var browser = Browser()
        browser.open(page)
        browser.read("document.title")
        browser.read("document.querySelectorAll('script').length + ' ' + document.querySelectorAll('style').length")
        browser.read("document.querySelectorAll('.session').length")
        browser.read(
            "Array.from(new Set(Array.from(document.querySelectorAll('.session *, .targets *')).map((e) => e.localName)))"
                + ".sort().join(' ')"
        )
        browser.read(
            "Array.from(document.querySelectorAll('*')).flatMap((e) => e.getAttributeNames())"
                + ".filter((name) => name.startsWith('on') || name === 'style' || name === 'src').length"
        )
        // Search goes through every text, and every session is shown once.
        browser.press("/")
        browser.type("owned")
        browser.press("Enter", "Enter", "Enter")
        browser.press("Escape")
        for _ in Self.attacks { browser.press("}") }
        browser.read("document.title")
        browser.read("document.querySelector('.session.current h2').textContent")
        browser.read("document.querySelector('#s1 .e').textContent")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        let title = "<b>night</b>.ps1, 20261122T170045Z-night-3fa91c"
        #expect(
            answer.results == [
                title, "2 1", "\(Self.attacks.count + 1)",
                "a bdi button div h2 header input li ol p pre span ul",
                "0", title, "marker", Self.attacks[0] + "\n",
            ]
        )
    }

    @Test("An injected script would be refused: the policy holds in the browser")
    func policyHolds() async throws {
        let place = try Workplace()
        var recording = HandmadeRecording()
        recording.add(target: "web01", steps: [.init(time: 0.1, text: "x")])
        let page = place.folder.path(of: "night.html")
        let file = try recording.write(to: place.folder)
        _ = try await place.psrun(["export", "--from", file, "--as", "html", "--output", page])
        let attack =
            "<script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\"></main>"
        let poisoned = try text(of: page).split(separator: "</main>", maxSplits: 1).joined(separator: attack)
        var browser = Browser()
        browser.open(try place.folder.write(poisoned, to: "poisoned.html"))
        browser.read("document.title")
        browser.read("document.documentElement.className")
        let answer = try await browser.run()
        #expect(answer.results == ["night.ps1, 20261122T170045Z-night-3fa91c", "js"])
        #expect(answer.messages.contains { $0.contains("Content Security Policy") })
        #expect(!answer.messages.contains { $0.hasPrefix("request:") })
    }
}
