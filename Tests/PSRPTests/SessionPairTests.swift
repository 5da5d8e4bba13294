import CLIXML
import PSRP
import Testing

/// A client and a server that speak to each other in memory.
@Suite struct SessionPairTests {
    @Test func opensRunsAndCloses() throws {
        var pair = SessionPair()
        pair.client.open()
        let opening = try pair.pump()
        #expect(opening.contains(.opened(PSVersionNumber(2, 4))))
        #expect(pair.client.isOpen)
        #expect(pair.serverEvents == [.opened(HostDescription(), PSVersionNumber(2, 4))])

        let pipeline = pair.client.create(.line("Get-Date"))
        let running = try pair.pump()
        #expect(running.writtenLines == ["Get-Date"])
        #expect(running.last == .ended(pipeline, .completed, nil))
        #expect(pair.serverEvents.contains(.createPipeline(pipeline, .line("Get-Date"))))

        pair.client.close()
        #expect(try pair.pump() == [.closed])
        #expect(pair.server.isClosed)
        try pair.client.receiveEnd()
    }
}
