import CLIXML
import Fleet
import Testing

struct RandomIdentifiersTests {
    @Test("Identifiers are random GUIDs of version 4, and none comes twice")
    func versionAndVariant() {
        var identifiers = RandomIdentifiers()
        let made = (0..<1000).map { _ in identifiers.nextIdentifier() }
        #expect(Set(made).count == 1000)
        #expect(made.allSatisfy { $0.high & 0xF000 == 0x4000 && $0.low >> 62 == 2 })
    }
}
