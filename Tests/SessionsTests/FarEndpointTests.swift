import Testing

@testable import Sessions

struct FarEndpointTests {
    @Test("Advice is about what is there: the subsystem's command, that of --exec, what speaks PSRP, or the broker")
    func advice() {
        let ends: [FarEndpoint: String] = [
            .subsystem: "On that host, run the subsystem's command by hand to see why it ends.",
            .command: "On that host, run the command of --exec by hand to see why it ends.",
            .other: "Start what speaks PSRP there by hand to see why it ends.",
            .kept: "`psrun session list` tells what is open; `psrun session open` opens it anew.",
        ]
        for (endpoint, words) in ends { #expect(endpoint.adviceOnEnd == words) }
        #expect(
            FarEndpoint.command.adviceOnNoise
                == "The command of --exec must write PSRP to its standard output, and nothing else."
        )
    }
}
