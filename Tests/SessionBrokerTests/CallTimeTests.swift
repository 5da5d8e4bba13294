import Testing

@testable import SessionBroker

/// What is said of a broker that was not done in time.
struct CallTimeTests {
    @Test("A broker that runs is not advised to be ended, and what may have come of the question is told")
    func short() {
        let message = CallTime.message(
            at: "/run/psrun/broker",
            .milliseconds(5),
            .runs(7),
            hasAnswered: false,
            effect: "The session may be closed"
        )
        #expect(
            message == """
                The broker of kept sessions had not answered at /run/psrun/broker within the 5 ms of -ConnectingTimeout: it \
                is process 7, which runs, and may answer yet. The session may be closed: `psrun session list` tells. That is \
                very little: did you mean 5 s? -ConnectingTimeout counts milliseconds; --connecting-timeout 5s is in \
                seconds.
                """
        )
    }

    @Test("Only a broker that was stopped, or is silent for long, is told how it is ended", arguments: [true, false])
    func silent(isStopped: Bool) {
        let message = CallTime.message(
            at: "/run/psrun/broker",
            isStopped ? .milliseconds(700) : nil,
            isStopped ? .stopped(7) : .hangs(7),
            hasAnswered: false,
            effect: nil
        )
        #expect(
            message.contains("does not answer at /run/psrun/broker \(isStopped ? "within the 700 ms" : "for 10 s")")
        )
        #expect(message.contains(isStopped ? "`kill -KILL 7`" : "`kill 7`"))
        #expect(!message.contains("did you mean") && !message.contains("session list"))
    }

    @Test("A broker that is at it is not said to be silent")
    func busy() {
        let message = CallTime.message(at: "/b", .seconds(2), .runs(7), hasAnswered: true, effect: nil)
        #expect(
            message.hasPrefix("The broker of kept sessions was not done within the 2000 ms of -ConnectingTimeout with")
        )
        #expect(!message.contains("answered at") && !message.contains("kill"))
    }
}
