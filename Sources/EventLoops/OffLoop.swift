package import Threads

/// Does a blocking call on a thread of a lane. Whoever waits may give it up; the call then runs on by itself.
/// - Throws: what the call throws.
package func offLoop<Value: Sendable>(
    in lane: Lane,
    _ call: @escaping @Sendable () throws -> Value
) async throws -> Value {
    let promise = Promise<Value>()
    lane.submit { promise.keep(Result { try call() }) }
    return try await promise.value()
}
