import CLIXML
import PSRP
import PSRunTestSupport
import Testing

/// A program on the far side that writes into the session's stream, as `Start-Process -Wait echo -ArgumentList hi` does.
@Suite struct ForeignTextTests {
    private static let pipeline = "421bf05d-4b35-4120-8c64-707a084afc93"
    private static let ack = "<DataAck PSGuid='\(pipeline)' />"
    private static let elements = [
        ack, "<CommandAck PSGuid='\(pipeline)' />", "<SignalAck PSGuid='\(pipeline)' />",
        "<CloseAck PSGuid='\(pipeline)' />", "<Data Stream='Default' PSGuid='\(pipeline)'>QUJDREVG</Data>",
    ]

    private enum Read: Equatable {
        case element(String)
        case foreign(String)
        case noise(String)
        case failed(PSRPError.Code)
    }

    /// What a client makes of these bytes, behind a first element.
    private static func read(_ text: String, begun: Bool = true, cut: Int = .max) -> [Read] {
        var decoder = OutOfProcessDecoder(side: .client, limits: SessionLimits())
        var reads: [Read] = []
        var rest = Array((begun ? ack + "\n" + text : text).utf8)[...]
        do throws(PSRPError) {
            while !rest.isEmpty {
                decoder.receive(Array(rest.prefix(cut)))
                rest = rest.dropFirst(cut)
                while let item = try decoder.next() {
                    switch item {
                    case .element(let element): reads.append(.element(element.kind.name))
                    case .foreign(let text): reads.append(.foreign(text))
                    case .noise(let text): reads.append(.noise(text))
                    }
                }
            }
            switch decoder.takeNoiseWithoutEnd() {
            case .foreign(let text): reads.append(.foreign(text))
            case .noise(let text): reads.append(.noise(text))
            case .element, nil: break
            }
        } catch {
            reads.append(.failed(error.code))
        }
        return begun ? Array(reads.dropFirst()) : reads
    }

    @Test(
        "A whole line that is not the far side's own is told apart",
        arguments: [
            "hi", "", "  two  words ", "<html><b>1 < 2</b>", "\u{1B}]0;title\u{7}", "Data PSGuide </data>", "<",
        ]
    )
    func wholeLine(text: String) {
        for element in Self.elements {
            let expected: [Read] = [.foreign(text), .element(String(element.dropFirst().prefix { $0.isLetter }))]
            #expect(Self.read("\(text)\n\(element)\n") == expected)
            #expect(Self.read("\(text)\r\n\(element)\r\n", cut: 1) == expected)
        }
    }

    @Test("Text before an element, and behind the last one, is told apart", arguments: ["part", "a < b ", "<x>", "&<"])
    func beforeAnElement(text: String) {
        for element in Self.elements {
            let name = String(element.dropFirst().prefix { $0.isLetter })
            #expect(Self.read("\(text)\(element)\n") == [.foreign(text), .element(name)])
            #expect(Self.read("1\n\(text)\(element)\n", cut: 1) == [.foreign("1"), .foreign(text), .element(name)])
            #expect(Self.read("Loading...\(element)\n", begun: false) == [.noise("Loading..."), .element(name)])
        }
        #expect(Self.read("last words") == [.foreign("last words")])
    }

    @Test("Text in the middle of an element ends the session, wherever it stands")
    func withinAnElement() {
        for element in Self.elements {
            for place in 1...element.count {
                for text in ["hi\n", "hi", "a\nb\n", "\n", "<b>\n"] {
                    let torn = element.prefix(place) + text + element.dropFirst(place)
                    // A line end alone behind an element ends nothing that was not over.
                    if place == element.count, text == "\n" { continue }
                    let reads = Self.read("\(torn)\n\(Self.ack)\n")
                    #expect(reads.last == .failed(.malformedElement), "\(torn)")
                    #expect(!reads.dropLast().contains { if case .element = $0 { true } else { false } }, "\(torn)")
                }
            }
        }
    }

    @Test("It is bounded as the text before the first element is, and each has a bound of its own")
    func bounded() {
        let line = String(repeating: "x", count: 1023) + "\n"
        let most = SessionLimits().noiseBytes / 1024
        let text = String(repeating: line, count: most)
        #expect(Self.read(text).count == most)
        #expect(Self.read(text + "\n").last == .failed(.noise))
        #expect(Self.read("\(text)\(Self.ack)\n\(text)", begun: false).count == 2 * most + 1)
        #expect(Self.read(String(repeating: "x\(Self.ack)\n", count: 1 << 16)).last == .failed(.noise))
    }

    @Test(
        "A line of a megabyte is looked through once, whatever it is made of",
        arguments: ["<", "P", "<Dat", "</", "x"]
    )
    func isLinear(piece: String) {
        let line = String(repeating: piece, count: 1_000_000 / piece.count)
        let clock = ContinuousClock()
        let took = clock.measure { #expect(Self.read(line + "\n") == [.failed(.noise)]) }
        #expect(took < .seconds(20))
    }

    @Test("A session with a program's text between its elements goes on, and tells of it in its place")
    func theSessionGoesOn() throws {
        var pair = SessionPair()
        pair.client.open()
        try pair.pump()
        let pipeline = pair.client.create(.line("1"))
        try pair.client.receive(Array("hi\n".utf8))
        try pair.client.receive(Array("partial".utf8))
        let events = try pair.pump()
        #expect(events.prefix(2) == [.foreign("hi"), .foreign("partial")])
        #expect(events.last == .ended(pipeline, .completed, nil))
    }
}
