import Testing

@testable import Threads

@Suite(.serialized)
struct ThreadRoomTests {
    @Test("Threads that were tried out are counted no more, so that what is begun next has their room")
    func nothingIsLeft() {
        for _ in 0..<100 {
            let before = ThreadRoom.counted
            #expect(before > 2)
            #expect(ThreadRoom.isEnough(for: 17))
            #expect(ThreadRoom.counted <= before)
        }
    }
}
