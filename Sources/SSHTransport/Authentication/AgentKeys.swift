import Files
import Glibc

/// The keys that an agent has (draft-miller-ssh-agent, 4.4).
enum AgentKeys {
    private static let requestIdentities: UInt8 = 11
    private static let identitiesAnswer: UInt8 = 12
    /// In milliseconds: an agent that takes longer is as good as none.
    static let patience: Int32 = 2000

    /// In base64; empty where the agent does not answer. Blocks for a few seconds at most.
    static func list(socket path: String) -> Set<String> {
        guard let agent = try? AgentBridge.connectLocal(path) else { return [] }
        var request = lengthBytes(1) + [requestIdentities]
        guard send(agent.raw, &request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return [] }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            if let length = readLength(answer[...]) {
                guard length <= AgentBridge.longestMessage else { return [] }
                if answer.count >= 4 + length { return keys(in: answer[4..<4 + length]) }
            }
            var poll = pollfd(fd: agent.raw, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, patience) > 0 else { return [] }
            let count = read(agent.raw, &chunk, chunk.count)
            guard count > 0 else { return [] }
            answer += chunk[..<count]
        }
    }

    private static func keys(in body: ArraySlice<UInt8>) -> Set<String> {
        guard body.first == identitiesAnswer, body.count >= 5 else { return [] }
        var rest = body.dropFirst(5)
        var keys: Set<String> = []
        while let blob = takeString(&rest), takeString(&rest) != nil { keys.insert(encodeBase64(Array(blob))) }
        return keys
    }
}
