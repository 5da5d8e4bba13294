import Foundation
import PSRunTestSupport
import Testing

/// The page of many hosts in a real browser.
@Suite struct FleetPageTests {
    private static let hits = "document.querySelector('#hits').textContent"
    private static let say = "document.querySelector('#steps-say').textContent"

    /// Whether all sessions have been searched for a text, and no longer for its beginning.
    private static func searched(_ text: String) -> String {
        "document.documentElement.dataset.searched === \(HandmadeRecording.string(text))"
    }

    /// A page of so many hosts, of which the seventh fails in its second step.
    private static func page(
        of hosts: Int,
        in place: Workplace,
        output: (Int) -> String = { "answer of host \($0)" }
    ) async throws -> String {
        var recording = HandmadeRecording()
        for host in 1...hosts {
            recording.add(
                target: "web\(host)",
                outcome: host == 7 ? "error" : "ok",
                steps: [
                    .init(time: 1, text: "uptime", events: [("console", output(host) + "\r\n")]),
                    .init(
                        time: 2,
                        text: "check",
                        outcome: host == 7 ? "error" : "ok",
                        events: host == 7 ? [("error", "it is down"), ("console", "it is down\r\n")] : []
                    ),
                ]
            )
        }
        let page = place.folder.path(of: "fleet.html")
        let file = try recording.write(to: place.folder)
        let outcome = try await place.psrun(["export", "--from", file, "--as", "html", "--output", page])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        return page
    }

    @Test("Arrow keys go from cell to cell, Enter opens the session at the step, and Escape comes back")
    func keyboard() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.size(1_280, 900)
        browser.open(try await Self.page(of: 40, in: place))
        browser.wait("document.querySelectorAll('.step').length === 2")
        browser.read("document.querySelector('#steps-grid').getAttribute('role')")
        browser.wait("(document.querySelector('#steps-grid').focus(), true)")
        browser.press("ArrowDown", "ArrowUp", "ArrowRight", "End")
        browser.read("getComputedStyle(document.activeElement).outlineStyle")
        browser.read(Self.say)
        browser.read(
            "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))"
                + ".textContent"
        )
        browser.press("Enter")
        browser.wait("document.activeElement.tagName === 'H2'")
        browser.read("document.activeElement.textContent + document.querySelector('.step.at .number').textContent")
        browser.press("Escape")
        browser.read("document.activeElement.id")
        browser.press("ArrowDown", "Home", "Enter")
        browser.wait("document.activeElement.textContent === 'web1'")
        // A session that is left is given back.
        browser.read(
            "document.querySelectorAll('#s7 .step').length + ' '"
                + " + document.querySelectorAll('#s1 .step').length"
        )
        browser.press("}")
        browser.wait("document.querySelectorAll('#s2 .step').length === 2")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(
            answer.results == [
                "grid", "solid", "web7, Line 2: check, error, took 200 ms", "E", "web7Line 2", "steps-grid", "0 2",
            ]
        )
    }

    @Test("Search finds hosts, steps and what was answered, also in sessions that were never opened")
    func searching() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.open(try await Self.page(of: 40, in: place))
        func search(_ text: String) {
            browser.press("/")
            browser.type(text)
            browser.wait(Self.searched(text))
            browser.read(Self.hits)
            browser.read("document.querySelectorAll('#steps-grid .row[data-h]:not([hidden])').length")
        }
        search("of host 23")
        browser.press("Enter")
        browser.wait("document.querySelector('mark.here') !== null")
        browser.read("document.querySelector('.session.current h2').textContent")
        browser.press("Escape")
        search("web39")
        browser.press("Escape")
        search("upti")
        browser.read("document.querySelector('.col.found').textContent")
        browser.press("Escape")
        search("nobody said this")
        browser.press("Escape")
        browser.read("document.querySelectorAll('#steps-grid .row[data-h]:not([hidden])').length")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(
            answer.results == [
                "0, 1 elsewhere", "1", "web23", "1 host", "1", "1 step", "40", "1",
                "nothing found", "0", "40",
            ]
        )
    }

    @Test("Nothing that a host says is markup in a compressed session, and the page loads nothing")
    func hostile() async throws {
        let attack =
            "</script></pre><script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">"
            + "\u{2028}\"],[\"script\",[],\"document.title='owned'\"]"
        let place = try Workplace()
        var browser = Browser()
        browser.open(try await Self.page(of: 40, in: place) { "\(attack) \($0)" } + "#s12")
        browser.wait("document.querySelectorAll('#s12 .step').length === 2")
        browser.read("document.title.includes('owned')")
        browser.read("document.querySelectorAll('img').length")
        browser.read(
            "Array.from(new Set(Array.from(document.querySelectorAll('.session *')).map((e) => e.localName))).sort().join(' ')"
        )
        browser.read("document.querySelector('#s12 .o').textContent.includes('onerror=')")
        browser.press("/")
        browser.type("owned")
        browser.wait(Self.searched("owned"))
        browser.read(Self.hits)
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(
            answer.results == [
                "false", "0", "a bdi button div h2 header li ol p pre span", "true", "3, 117 elsewhere",
            ]
        )
    }

    @Test("A thousand hosts scroll in a box of their own at 390 pixels, and stand there in full when they are printed")
    func narrowAndPrinted() async throws {
        let place = try Workplace()
        let page = try await Self.page(of: 1_000, in: place)
        let size = try FileManager.default.attributesOfItem(atPath: page)[.size] as? Int ?? 0
        #expect(size < 15_000_000)
        var browser = Browser()
        browser.size(390, 844)
        browser.open(page)
        browser.read("document.documentElement.scrollWidth")
        browser.read("document.querySelectorAll('#steps-grid .row[data-h]').length")
        browser.read("document.querySelectorAll('#steps-grid .cell').length < 1000")
        browser.read("document.querySelector('#steps-grid .row[data-h] .name').textContent")
        browser.read(
            "(dispatchEvent(new Event('beforeprint'))"
                + ", document.querySelectorAll('#steps-grid .cell').length)"
        )
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(answer.results == ["390", "1000", "true", "web7", "3000"])
    }

    @Test("Without scripts every host stands in the page with its letters and its reason")
    func withoutScripts() async throws {
        let place = try Workplace()
        var browser = Browser()
        browser.scripts(false)
        browser.open(try await Self.page(of: 40, in: place))
        browser.read("document.querySelector('#steps-grid .row.bad').innerText.split(/\\s+/).join(' ')")
        browser.read("document.querySelector('noscript').innerText.includes('need this page')")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(answer.results == ["web7 E·E 2.3 s error: line 2: it is down", "true"])
    }

    @Test("Nights stand beside each other; a cell of an earlier one tells what happened, and how to play it")
    func nights() async throws {
        let place = try Workplace()
        let path = try place.playbook("echo hello\nfalse\n", named: "night.sh")
        for _ in 0..<2 { _ = try await place.psrun([path, "--any-shell"]) }
        let page = place.folder.path(of: "fleet.html")
        let outcome = try await place.psrun(["export", "last", "--as", "html", "--since", "1d", "--output", page])
        #expect(outcome.ending == .exited(0), "\(outcome)")
        var browser = Browser()
        browser.open(page)
        browser.read(
            "(document.querySelector('#nights-grid').focus()"
                + ", document.querySelector('#nights-grid .row[data-h] .cells').textContent)"
        )
        browser.press("Home", "Enter")
        browser.wait("document.querySelectorAll('#night .night-steps li').length === 2")
        browser.read(
            "document.querySelector('#night h2').textContent"
                + " + document.querySelector('#night .badge').textContent"
        )
        browser.read("document.querySelectorAll('#night .night-steps code')[1].textContent")
        browser.read("document.querySelector('#night pre').textContent.startsWith('psrun replay 2')")
        browser.press("Escape")
        browser.press("End", "Enter")
        browser.wait("document.activeElement.tagName === 'H2'")
        browser.read("document.querySelectorAll('.trend svg').length")
        let answer = try await browser.run()
        #expect(answer.messages == [])
        #expect(answer.results == ["EE", "localhosterror", "false", "true", "2"])
    }
}
