import KeptSessions
import RecordingFormat
import Reports
import Testing

struct SessionListTests {
    private func session(_ state: KeptSession.State, _ reason: String = "", in visitor: KeptSession.Visitor? = nil)
        -> KeptSession
    {
        KeptSession(
            id: 1,
            name: "web",
            instanceID: "i",
            target: "web01",
            state: state,
            reason: reason,
            visitor: visitor
        )
    }

    @Test("Who is in a session, and why nobody is let in, stands behind it; where neither is so there is no column")
    func reasons() {
        let since = "is in it since 2027-01-15T08:00:00Z"
        for (visitor, reason, words) in [
            (KeptSession.Visitor(process: 77, since: 1_800_000_000), "", "process 77 \(since)\n"),
            (KeptSession.Visitor(process: 0, since: 1_800_000_000), "", "somebody \(since)\n"),
            (KeptSession.Visitor(process: 77, since: 1_800_000_000), "it was stopped", "\(since); it was stopped\n"),
            (nil, "it was stopped", "it was stopped\n"),
        ] {
            let text = SessionList([session(.busy, reason, in: visitor)]).text
            #expect(text.hasSuffix(words), "\(text)")
            #expect(text.contains("REASON"))
        }
        #expect(!SessionList([session(.available)]).text.contains("REASON"))
    }

    @Test("In JSON the visitor's process is a number, or null where the system does not tell it")
    func json() {
        func text(_ visitor: KeptSession.Visitor?) -> String {
            String(decoding: SessionList([session(.busy, in: visitor)]).json.indented, as: UTF8.self)
        }
        let known = text(KeptSession.Visitor(process: 77, since: 1_800_000_000))
        #expect(known.contains("\"visitor_pid\": 77") && known.contains("\"visitor_since\": \"2027-01-15T08:00:00Z\""))
        let unknown = text(KeptSession.Visitor(process: 0, since: 1_800_000_000))
        #expect(unknown.contains("\"visitor_pid\": null") && unknown.contains("\"visitor_since\": \"2027"))
        #expect(text(nil).contains("\"visitor_since\": null"))
    }
}
