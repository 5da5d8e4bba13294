import Schedules
import Testing

struct SplayTests {
    @Test("The same host waits as long every night, and another host or playbook otherwise")
    func stable() {
        let first = Splay.delay(within: .seconds(3_600), host: "ops1", playbook: "nightly.ps1")
        #expect(first == Splay.delay(within: .seconds(3_600), host: "ops1", playbook: "nightly.ps1"))
        #expect(first == .milliseconds(1_519_263), "it is the same on every machine and in every version")
        #expect(first != Splay.delay(within: .seconds(3_600), host: "ops2", playbook: "nightly.ps1"))
        #expect(first != Splay.delay(within: .seconds(3_600), host: "ops1", playbook: "weekly.ps1"))
        #expect(Splay.delay(within: .zero, host: "ops1", playbook: "nightly.ps1") == .zero)
    }

    @Test("Delays lie within the splay, and spread evenly over it")
    func spread() {
        var counts = [Int](repeating: 0, count: 10)
        for number in 0..<10_000 {
            let delay = Splay.delay(within: .seconds(600), host: "web\(number)", playbook: "nightly.ps1")
            #expect(delay >= .zero && delay < .seconds(600))
            counts[Int(delay / .seconds(60))] += 1
        }
        // Three standard deviations of a fair draw are 90.
        #expect(counts.allSatisfy { (880...1_120).contains($0) }, "\(counts)")
    }
}
