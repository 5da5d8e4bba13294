import CLIXML
import PSRP
import Playbooks

@testable import Sessions

/// A playbook's session over a scripted client, with a clock that moves when it is told to.
struct SessionRun {
    var session: PlaybookSession<ScriptedClient>
    var events: [SessionEvent] = []
    private var moment = RunMoment.after(.zero)

    init(
        _ playbook: String,
        _ client: ScriptedClient = ScriptedClient(),
        options change: (inout SessionOptions) -> Void = { _ in }
    )
        throws
    {
        var options = SessionOptions(target: "op@web01:22", label: "op@web01", computerName: "web01")
        change(&options)
        let playbook = try Playbook(bytes: Array(playbook.utf8))
        session = PlaybookSession(client: client, playbook: playbook, options: options, at: moment)
    }

    /// Opens the pool and lets the far side answer until it has nothing more to say.
    mutating func start(privateData: PSValue? = nil) {
        session.open(at: moment)
        if let privateData { session.client.tell(.privateData(privateData)) }
        session.client.tell(.opened(PSVersionNumber(2, 4)))
        settle()
    }

    mutating func settle() {
        repeat { session.receive([], at: moment) } while session.client.hasEvents && !session.isFinished
        while let event = session.nextEvent() { events.append(event) }
    }

    /// Lets time pass; the counted clock stands still where a person is being asked.
    mutating func wait(_ duration: Duration, isAsking: Bool = false) {
        moment.elapsed += duration
        if !isAsking { moment.counted += duration }
        session.tick(at: moment)
        while let event = session.nextEvent() { events.append(event) }
    }

    mutating func act(_ act: ScriptedClient.Act) {
        session.client.act(act)
        settle()
    }

    mutating func perform(_ change: (inout PlaybookSession<ScriptedClient>, RunMoment) -> Void) {
        change(&session, moment)
        settle()
    }

    var result: TargetResult? {
        for case .finished(let result) in events { return result }
        return nil
    }

    var outcomes: [StepOutcome] { result?.steps.map(\.outcome) ?? [] }

    /// What a console shows.
    var screen: String { events.compactMap(\.consoleText).joined() }

    var replies: [HostReply] {
        session.client.requests.compactMap { if case .reply(let reply) = $0 { reply } else { nil } }
    }
}

func terminatingError(_ message: String, reason: String = "RuntimeException", errorID: String = "") -> ErrorRecord {
    ErrorRecord.make(message: message, errorID: errorID, category: 0, reason: reason)
}

let incomplete = ScriptedClient.Act.end(.failed, terminatingError("Missing", reason: "IncompleteParseException"))
