import Connections
import PSRunTestSupport
import Testing

/// Whose clock stands still while a person is asked.
struct AskedClocksTests {
    private func paused(_ clock: RunClock) -> Duration {
        let reading = clock.reading
        return reading.elapsed - reading.counted
    }

    @Test("The clock of whoever asks stands still, and no other")
    func ownClock() async {
        let (asking, other) = (RunClock(), RunClock())
        await AskedClocks(asking).whileAsking { try? await Task.sleep(for: .milliseconds(40)) }
        #expect(paused(asking) >= .milliseconds(40))
        #expect(paused(other) == .zero)
    }

    @Test("Whoever waits for what others wait for as well stands still while a person is asked for it, however deep")
    func shared() async {
        let clocks = [RunClock(), RunClock(), RunClock()]
        let (jumpHost, passphrase) = (AskedClocks(), AskedClocks())
        let delay = SchedulingDelay()
        await withTaskGroup(of: Void.self) { group in
            for clock in clocks[..<2] {
                group.addTask {
                    await AskedClocks.$current.withValue(AskedClocks(clock)) {
                        await jumpHost.joined { try? await Task.sleep(for: .milliseconds(150)) }
                    }
                }
            }
            group.addTask {
                try? await Task.sleep(for: .milliseconds(30))
                await AskedClocks.$current.withValue(jumpHost) {
                    await passphrase.joined {
                        await passphrase.whileAsking { try? await Task.sleep(for: .milliseconds(60)) }
                    }
                }
            }
        }
        let late = await delay.end()
        for clock in clocks[..<2] {
            #expect((.milliseconds(60)...(.milliseconds(150) + late * 4)).contains(paused(clock)))
        }
        #expect(paused(clocks[2]) == .zero)
    }

    @Test("Whoever comes while a person is asked already stands still from then on, and goes on when it leaves")
    func comesLater() async {
        let clock = RunClock()
        let passphrase = AskedClocks()
        await passphrase.whileAsking {
            await AskedClocks.$current.withValue(AskedClocks(clock)) {
                await passphrase.joined { try? await Task.sleep(for: .milliseconds(40)) }
            }
            let after = paused(clock)
            try? await Task.sleep(for: .milliseconds(40))
            #expect(after >= .milliseconds(40) && paused(clock) == after)
        }
    }
}
