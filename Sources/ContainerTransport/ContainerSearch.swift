import Connections
import EventLoops

/// Finds out which container is meant, and whether it can be entered: by the engines' answers alone.
struct ContainerSearch: Sendable {
    let place: ContainerPlace
    let loop: EventLoop
    let deadline: ConnectingDeadline?

    struct Found: Sendable, Hashable {
        let engine: ContainerEngine
        let container: InspectedContainer
    }

    /// What one engine says.
    enum Finding: Sendable, Hashable {
        case exact(Found)
        case beginning(String)
        case several([String])
        case none
        case failed(String)
    }

    /// - Throws: ContainerFailure; TransportError where an engine does not answer by the deadline.
    func found(among engines: [ContainerEngine]) async throws -> Found {
        var findings: [Finding] = []
        for engine in engines { findings.append(try await finding(of: engine)) }
        return try Self.decide(findings)
    }

    /// One of several engines' findings; the same container may be seen through two of them.
    static func decide(_ findings: [Finding]) throws(ContainerFailure) -> Found {
        let exact = findings.compactMap { if case .exact(let found) = $0 { found } else { nil } }
        guard Set(exact.map(\.container.id)).count < 2 else {
            throw .ambiguous(exact.map { "\($0.container.id) of \($0.engine.kind.rawValue)" })
        }
        if let found = exact.first { return found }
        let several = findings.flatMap { if case .several(let labels) = $0 { labels } else { [] as [String] } }
        guard several.isEmpty else { throw .ambiguous(several) }
        let failures = findings.compactMap { if case .failed(let words) = $0 { words } else { nil } }
        guard failures.count < findings.count else { throw .engineFailed(failures.joined(separator: " ")) }
        let remark = failures.isEmpty ? "" : " Not all engines answered: \(failures.joined(separator: " "))"
        let other = findings.lazy.compactMap { if case .beginning(let label) = $0 { label } else { nil } }.first
        throw .unknown(beginningOf: other, remark: remark)
    }

    /// - Throws: ContainerFailure where its state does not let anybody in.
    static func check(_ container: InspectedContainer) throws(ContainerFailure) {
        switch container.state {
        case "running": break
        case "paused": throw .paused
        default: throw .notRunning(state: container.state)
        }
    }

    /// Whether it has stopped, or been paused, since it was found.
    func checkAgain(_ found: Found) async throws {
        let call = EngineCall(
            program: found.engine.program,
            arguments: ContainerEngine.inspection(of: found.container.id)
        )
        let answer = try await call.answer(on: loop, deadline, for: place.label)
        guard !answer.isTooLong else { throw ContainerFailure.engineFailed(EngineCall.tooLong) }
        guard answer.isWell else { throw ContainerFailure.notRunning(state: "removed") }
        if let container = InspectedContainer(answer.output) { try Self.check(container) }
    }

    private func finding(of engine: ContainerEngine) async throws -> Finding {
        let name = place.container
        let inspection = EngineCall(program: engine.program, arguments: ContainerEngine.inspection(of: name))
        let inspected = try await inspection.answer(on: loop, deadline, for: place.label)
        let kind = engine.kind.rawValue
        guard !inspected.isTooLong else { return .failed("\(kind): \(EngineCall.tooLong)") }
        if inspected.isWell {
            guard let container = InspectedContainer(inspected.output) else {
                return .failed("\(kind): its answer is not understood.")
            }
            let label = ListedContainer(id: container.id, names: [container.name]).label
            return container.isNamed(name)
                ? .exact(Found(engine: engine, container: container)) : .beginning(label)
        }
        // It knows no such container, knows several, or knows nothing: the list tells which.
        let list = EngineCall(program: engine.program, arguments: ContainerEngine.list)
        let listed = try await list.answer(on: loop, deadline, for: place.label)
        guard !listed.isTooLong else { return .failed("\(kind): \(EngineCall.tooLong)") }
        guard listed.isWell else { return .failed("\(kind): \(listed.words)") }
        return Self.finding(of: name, in: ListedContainer.all(in: listed.output), "\(kind): \(inspected.words)")
    }

    /// What the list says of a name that an engine could not inspect.
    static func finding(of name: String, in all: [ListedContainer], _ words: String) -> Finding {
        let near = all.filter { $0.id.hasPrefix(name) || $0.names.contains(name) }
        guard !near.contains(where: { $0.id == name || $0.names.contains(name) }) else { return .failed(words) }
        switch near.count {
        case 0: return .none
        case 1: return .beginning(near[0].label)
        default: return .several(near.map(\.label))
        }
    }
}
