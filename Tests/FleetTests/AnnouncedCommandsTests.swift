import CLIXML
import PSRP
import Testing

@testable import Fleet

struct AnnouncedCommandsTests {
    private let pipeline = PSGuid(high: 1, low: 2)
    private var commands = AnnouncedCommands(limits: SessionLimits())

    private func state(_ type: MessageType) -> [UInt8] {
        var splitter = FragmentSplitter()
        var (rest, bytes) = (
            splitter.begin(Message(type, to: .client, runspacePoolID: .zero, pipelineID: pipeline, body: [1]).encoded),
            [UInt8]()
        )
        while !rest.isAtEnd { rest.appendNext(to: &bytes, largest: 32_768) }
        return bytes
    }

    @Test("A name is acknowledged at once; the first data makes the Command, whose acknowledgement is the data's")
    func order() throws {
        var commands = commands
        let named = commands.take(.command(pipeline, []))
        #expect(named.request == nil && named.answer == .acknowledged(.command, .pipeline(pipeline)))
        let first = commands.take(.data(.pipeline(pipeline), .standard, [7, 8]))
        #expect(first.request == .command(pipeline, [7, 8]) && first.answer == nil)
        let event = try commands.translated(.acknowledged(.command, .pipeline(pipeline)))
        #expect(event == .acknowledged(.data, .pipeline(pipeline)))
        let second = commands.take(.data(.pipeline(pipeline), .standard, [9]))
        #expect(second.request == .data(.pipeline(pipeline), .standard, [9]))
        let acknowledged = CarriageEvent.acknowledged(.data, .pipeline(pipeline))
        #expect(try commands.translated(acknowledged) == acknowledged)
        for request in [CarriageRequest.signal(pipeline), .close(.pipeline(pipeline)), .close(.pool), .open([1])] {
            let taken = commands.take(request)
            #expect(taken.request == request && taken.answer == nil)
        }
    }

    @Test("A name that nothing was said for is given up here, and the far side hears nothing of it")
    func unused() {
        var commands = commands
        _ = commands.take(.command(pipeline, []))
        let signal = commands.take(.signal(pipeline))
        #expect(signal.request == nil && signal.answer == .acknowledged(.signal, .pipeline(pipeline)))
        let close = commands.take(.close(.pipeline(pipeline)))
        #expect(close.request == nil && close.answer == .acknowledged(.close, .pipeline(pipeline)))
        #expect(commands.take(.close(.pipeline(pipeline))).request == .close(.pipeline(pipeline)))
    }

    @Test("A pipeline that ends without its state is lost, and no other")
    func lost() throws {
        for type in [MessageType.pipelineState, .pipelineOutput] {
            var commands = commands
            _ = commands.take(.command(pipeline, []))
            _ = commands.take(.data(.pipeline(pipeline), .standard, [7]))
            let bytes = state(type)
            // Cut anywhere.
            for byte in bytes { _ = try commands.translated(.data(.pipeline(pipeline), [byte])) }
            let end = CarriageEvent.ended(.pipeline(pipeline))
            if type == .pipelineState {
                #expect(try commands.translated(end) == end)
            } else {
                #expect(throws: PSRPError.self) { try commands.translated(end) }
            }
        }
    }
}
