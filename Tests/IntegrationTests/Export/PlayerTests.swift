import PSRunTestSupport
import Testing

/// The exported page in a real browser: keys are pressed, and what is seen is compared.
@Suite struct PlayerTests {
    private static let shown =
        "Array.from(document.querySelectorAll('.session.current pre > span'))"
        + ".filter((piece) => piece.getClientRects().length).map((piece) => piece.textContent).join('|')"
    private static let current = "document.querySelector('.targets [aria-current] .name').textContent"
    private static let hits = "document.querySelector('#hits').textContent"
    private static let clock = "document.querySelector('#clock').textContent"

    /// Two sessions, one of them with every stream.
    private static func page(in place: Workplace) async throws -> String {
        var recording = HandmadeRecording()
        recording.add(
            target: "web01",
            steps: [
                .init(time: 1, text: "one", events: [("console", "first Alpha\r\n")]),
                .init(
                    time: 20,
                    text: "two",
                    outcome: "error",
                    events: [
                        ("warning", "careful"), ("console", "\u{1b}[33mWARNING: careful\u{1b}[0m\r\n"),
                        ("error", "it failed"), ("console", "it failed\r\n"),
                        ("progress", "{\"Activity\":\"Copying\"}"),
                        ("console", "second al"), ("console", "pha\r\n"),
                    ]
                ),
                .init(time: 40, text: "three", events: [("console", "last\r\n")]),
            ]
        )
        recording.add(
            target: "db01",
            outcome: "broken",
            error: "the connection ended",
            steps: [.init(time: 0.5, text: "one", outcome: "unknown", events: [("console", "alpha of db01\r\n")])]
        )
        let page = place.folder.path(of: "night.html")
        let file = try recording.write(to: place.folder)
        let outcome = try await place.psrun(["export", "--from", file, "--as", "html", "--output", page])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        return page
    }

    @Test("Time moves by keys, by the slider and by itself; only what had come by then is seen")
    func seeking() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.size(1_280, 900)
        browser.open(try await Self.page(in: place))
        browser.read(Self.clock)
        browser.press("Home")
        browser.read(Self.shown)
        browser.press("]")
        browser.read(Self.shown)
        browser.press(".", ".")
        browser.read(Self.shown)
        browser.press(",")
        browser.read(Self.shown)
        browser.press(">", "<", "ArrowRight", "]", "]", "ArrowLeft")
        browser.read(Self.clock)
        browser.read(Self.shown)
        browser.press("[")
        browser.read(Self.shown)
        browser.read("document.querySelector('.step.at .number').textContent")
        browser.press("End", "ArrowLeft")
        browser.read(Self.clock)
        browser.drag("#time", to: 0.1)
        browser.read("parseFloat(\(Self.clock)) < 30 && !\(Self.shown).includes('two')")
        // A session of 40 seconds at 64 times its speed ends within a second.
        browser.press("G", "=", "g", "+", "+", "+", "+", "+", "+", "+", " ")
        browser.read("document.querySelector('[data-do=play]').getAttribute('aria-label')")
        browser.read("document.querySelector('#speed').textContent")
        browser.wait("document.querySelector('[data-do=play]').getAttribute('aria-label') === 'Play'")
        browser.read(Self.clock)
        browser.click("[data-do=play]")
        browser.press(" ")
        browser.read("document.querySelector('.timeline path.ok').getAttribute('d').split('M').length - 1")
        browser.read("document.querySelector('.timeline path.bad').getAttribute('d').split('M').length - 1")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        let first = "[web01]: PS> |one\n|first Alpha\n"
        let typed = first + "|[web01]: PS> |two\n"
        let second = typed + "|WARNING: careful\n|it failed\n|Copying\n|second al|pha\n"
        #expect(
            answer.results == [
                "0:40.2 / 0:40.2", "", first, typed + "|WARNING: careful\n", typed, "0:35.2 / 0:40.2", second, first,
                "Line 1",
                "0:35.2 / 0:40.2", "true", "Pause", "64×", "0:40.2 / 0:40.2", "2", "1",
            ]
        )
    }

    @Test("Search marks hits over pieces, counts them in every session, and goes from one to the next")
    func searching() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.open(try await Self.page(in: place))
        browser.press("/")
        browser.type("alpha")
        browser.wait("\(Self.hits) !== ''")
        browser.read(Self.hits)
        browser.read("Array.from(document.querySelectorAll('mark')).map((mark) => mark.textContent).join('|')")
        browser.press("Enter", "Enter")
        browser.read(Self.hits)
        browser.read("Array.from(document.querySelectorAll('mark.here')).map((mark) => mark.textContent).join('|')")
        browser.press("Enter")
        browser.read(Self.current)
        browser.read("document.querySelector('mark.here').parentNode.textContent")
        browser.press("Shift+Enter")
        browser.read(Self.current + " + ' ' + " + Self.hits)
        browser.press("Escape")
        browser.read("document.querySelectorAll('mark').length + document.querySelector('#find').value + \(Self.hits)")
        // A capital finds itself alone.
        browser.press("/")
        browser.type("Alpha")
        browser.wait("\(Self.hits) !== ''")
        browser.read(Self.hits)
        browser.press("Escape", "/")
        browser.type(".*")
        browser.wait("\(Self.hits) !== ''")
        browser.read(Self.hits)
        // What has not come yet is found too, and time goes there.
        browser.press("Escape", "Home", "/")
        browser.type("last")
        browser.press("Enter")
        browser.read(Self.clock)
        // What was only asked is not an answer.
        browser.press("Escape", "/")
        browser.type("three")
        browser.wait("\(Self.hits) !== ''")
        browser.read(Self.hits)
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(
            answer.results == [
                "2, 1 elsewhere", "Alpha|al|pha", "2 of 2, 1 elsewhere", "al|pha", "db01", "alpha of db01\n",
                "web01 2 of 2, 1 elsewhere", "0", "1", "nothing found", "0:40.1 / 0:40.2", "1 step",
            ]
        )
    }

    @Test("Streams and targets are filtered, and a step's text and output are copied without what is hidden")
    func filtering() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.open(try await Self.page(in: place))
        browser.read(
            "Array.from(document.querySelectorAll('#streams button')).map((chip) => chip.textContent).join(' ')"
        )
        browser.click("[data-stream=warning]")
        browser.click("[data-stream=progress]")
        browser.read(Self.shown)
        browser.press("[")
        browser.click("#s1-2 .tools button:last-child")
        browser.wait("document.querySelector('.toast').hidden === false")
        browser.read("document.documentElement.dataset.copied")
        browser.press("y")
        browser.wait("document.documentElement.dataset.copied === 'two'")
        browser.read("document.querySelector('.toast').textContent")
        browser.press("}")
        browser.read(Self.current)
        browser.read("document.querySelector('.session.current .message').textContent")
        browser.press("{")
        browser.read(Self.current)
        browser.click("#targets-filter")
        browser.type("DB")
        browser.read("document.querySelector('#targets-listed').textContent")
        browser.click("#outcomes button")
        browser.read("document.querySelector('#targets-listed').textContent")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(
            answer.results == [
                "output error warning progress",
                "[web01]: PS> |one\n|first Alpha\n|[web01]: PS> |two\n|it failed\n|second al|pha\n|[web01]: PS> |three\n|last\n",
                "it failed\nsecond alpha\n", "Text copied", "db01", "the connection ended", "web01", "1 of 2", "0 of 2",
            ]
        )
    }

    @Test("Light and dark follow the reader, then the key; the focus is seen; the keys are documented in the page")
    func themesAndHelp() async throws {
        let place = try Workplace()
        let page = try await Self.page(in: place)
        let ground = "getComputedStyle(document.documentElement).backgroundColor"
        let warning = "getComputedStyle(document.querySelector('.w span')).color"
        var browser = Browser()
        browser.scheme("light")
        browser.open(page + "#s2")
        browser.read(Self.current)
        browser.read(ground)
        browser.read(warning)
        browser.press("t")
        browser.read(ground)
        browser.read(warning)
        browser.scheme("dark")
        browser.press("t")
        browser.read(ground)
        browser.press("?")
        browser.read("document.querySelector('#help').open")
        browser.press("Escape")
        browser.press("Tab")
        browser.read("getComputedStyle(document.activeElement).outlineStyle")
        browser.read(
            "Array.from(document.querySelectorAll('button, input')).filter((control) => !(control.textContent.trim()"
                + " || control.getAttribute('aria-label'))).length"
        )
        let answer = try await browser.run()
        #expect(answer.messages == [])
        let (light, dark) = ("rgb(245, 243, 238)", "rgb(19, 21, 25)")
        #expect(answer.results[0] == "db01")
        #expect([answer.results[1], answer.results[3], answer.results[5]] == [light, dark, light])
        #expect(answer.results[2] != answer.results[4])
        #expect(Array(answer.results[6...]) == ["true", "solid", "0"])
    }

    @Test("Without scripts the page is the text of every session, and on a narrow screen nothing stands out")
    func withoutScripts() async throws {
        let place = try Workplace()
        let page = try await Self.page(in: place)
        var browser = Browser()
        browser.scripts(false)
        browser.size(360, 740)
        browser.open(page)
        browser.read("document.body.innerText")
        // What is outside the window is laid out only when it is looked for, so innerText need not have it.
        browser.read(
            """
            (() => {
                const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
                let text = "";
                while (walk.nextNode()) {
                    if (walk.currentNode.parentElement.checkVisibility()) text += walk.currentNode.data;
                }
                return text;
            })()
            """
        )
        browser.read("document.documentElement.scrollWidth")
        browser.scripts(true)
        browser.open(page)
        browser.read("document.documentElement.scrollWidth")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        for part in [
            "first Alpha", "WARNING: careful", "it failed", "second alpha", "the connection ended", "alpha of db01",
        ] {
            #expect(answer.results[1].contains(part), "\(part)")
        }
        for control in ["Search", "Copy text", "Keyboard"] {
            #expect(!answer.results[0].contains(control), "\(control)")
        }
        #expect(Array(answer.results[2...]) == ["360", "360"])
    }
}
