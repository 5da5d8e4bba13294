import Connections
import Testing

@testable import SSHTransport

struct KnownHostsTests {
    private let key = PublicKey(
        algorithm: "ssh-ed25519",
        base64: "AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
    )
    private let other = PublicKey(
        algorithm: "ssh-ed25519",
        base64: "AAAAC3NzaC1lZDI1NTE5AAAAIAICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC"
    )

    private func known(_ text: String) -> KnownHosts {
        var known = KnownHosts()
        known.add(text, file: "known_hosts")
        return known
    }

    @Test("Lines of known_hosts hold names, ports and comments")
    func namesPortsAndComments() {
        let known = known(
            """
            # a comment

              web01,192.0.2.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB operator@example
            [web02]:2222 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
            not a line
            """
        )
        #expect(known.verdict(on: key, names: ["web01"]) == .known)
        #expect(known.verdict(on: key, names: ["192.0.2.1"]) == .known)
        #expect(known.verdict(on: key, names: ["[web02]:2222"]) == .known)
        #expect(known.verdict(on: key, names: ["web02"]) == .unknown)
        #expect(known.verdict(on: other, names: ["web01"]) == .unknown)
        #expect(known.plainLines(for: "web01").map(\.number) == [3])
    }

    @Test("Names may be patterns, and a negated pattern wins")
    func patternsAndNegation() {
        let known = known(
            "*.example.com,!bad.example.com,web?? ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
        )
        #expect(known.verdict(on: key, names: ["a.example.com"]) == .known)
        #expect(known.verdict(on: key, names: ["bad.example.com"]) == .unknown)
        #expect(known.verdict(on: key, names: ["web01"]) == .known)
        #expect(known.verdict(on: key, names: ["web1"]) == .unknown)
    }

    /// Names as ssh-keygen hashed them: `web01` and `[web02]:2222`.
    @Test("Hashed names are matched")
    func hashedNames() {
        let known = known(
            """
            |1|xbu1HJCsI2Rh/s9ZWX2xVbuT1rA=|HRwtfmF8n9jz9RIMNLYVtlWxb58= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
            |1|CJ6zDSJtILum+yZ3fDG6ffQOr8g=|e2BgnYsDXpuGPRlNnsyNJrh/RfA= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
            """
        )
        #expect(known.verdict(on: key, names: ["web01"]) == .known)
        #expect(known.verdict(on: key, names: ["[web02]:2222"]) == .known)
        #expect(known.verdict(on: key, names: ["web02"]) == .unknown)
        #expect(known.verdict(on: other, names: ["web01"]) == .unknown)
        #expect(known.hashedLines(for: "web01").map(\.number) == [1])
        #expect(known.plainLines(for: "web01").isEmpty)
    }

    /// As ssh-keygen -l prints it.
    @Test("A fingerprint is the one that ssh-keygen shows")
    func fingerprints() {
        let key = PublicKey(
            algorithm: "ssh-ed25519",
            base64: "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
        )
        #expect(key.fingerprint == "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU")
    }

    @Test("A revoked key is refused whatever else is known")
    func revokedKeysAreRefusedWhateverElseIsKnown() throws {
        let known = known(
            """
            web01 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
            @revoked * ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB
            """
        )
        guard case .revoked(let line) = known.verdict(on: key, names: ["web01"]) else {
            Issue.record("a revoked key was not refused")
            return
        }
        #expect(line.place == "known_hosts:2")
        #expect(known.verdict(on: other, names: ["web01"]) == .unknown)
    }

    @Test("Lines of certificate authorities do not stand for a host's own key")
    func certificateAuthoritiesAreToldApart() {
        let known = known(
            "@cert-authority *.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
        )
        #expect(known.verdict(on: key, names: ["a.example.com"]) == .unknown)
        #expect(known.authority(for: "a.example.com")?.number == 1)
        #expect(known.authority(for: "a.example.org") == nil)
    }

    @Test("Lines may end in either way, and the last one in none")
    func linesEndAsTheyLike() {
        let known = known(
            "a ssh-ed25519 \(HostKeys.ed25519(1))\r\nb ssh-ed25519 \(HostKeys.ed25519(2))\r\nc ssh-ed25519 \(HostKeys.ed25519(3))"
        )
        #expect(known.plainLines(for: "b").map(\.number) == [2])
        #expect(known.plainLines(for: "b").map(\.key.base64) == [HostKeys.ed25519(2)])
        #expect(known.plainLines(for: "c").map(\.number) == [3])
    }

    /// Twenty thousand hashed lines: a known key costs one HMAC, not twenty thousand.
    @Test("Many hashed lines are searched in little time")
    func manyHashedLines() throws {
        var text = ""
        for index in 0..<20_000 {
            let salt = (0..<20).map { UInt8(truncatingIfNeeded: index >> ($0 % 3 * 8)) }
            let hash = hmacSHA1(Array("host\(index)".utf8), key: salt)
            text += "|1|\(encodeBase64(salt))|\(encodeBase64(hash)) ssh-ed25519 \(HostKeys.ed25519(index))\n"
        }
        let known = known(text)
        let key = PublicKey(algorithm: "ssh-ed25519", base64: HostKeys.ed25519(12345))
        for _ in 0..<1000 { #expect(known.verdict(on: key, names: ["host12345"]) == .known) }
        #expect(known.hashedLines(for: "host777").map(\.number) == [778])
        #expect(known.hashedKeyTypes == ["ssh-ed25519"])
    }

    /// RFC 2202, test case 2.
    @Test("HMAC-SHA1 is that of the RFC's test vectors")
    func hmac() {
        let digest = hmacSHA1(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(
            digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        )
    }

    @Test("What is not a whole key of a host's is not a line: SSH 1, junk, a key that was cut off, another type's name")
    func junkIsNotAKey() {
        let whole = HostKeys.ed25519(1)
        let known = known(
            """
            web01 1024 35 12345678901234567890
            web01 ssh-ed25519 AAAAjunk
            web01 ssh-ed25519 \(whole.dropLast(8))
            web01 ssh-rsa \(whole)
            web01 ssh-ed25519-cert-v01@openssh.com \(whole)
            web01 unknown-type \(whole)
            """
        )
        #expect(known.plainLines(for: "web01").isEmpty)
        #expect(known.verdict(on: PublicKey(algorithm: "ssh-ed25519", base64: whole), names: ["web01"]) == .unknown)
    }
}

/// Host keys made up of a number.
enum HostKeys {
    /// In base64.
    static func ed25519(_ number: Int) -> String {
        let name = Array("ssh-ed25519".utf8)
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
        return encodeBase64(lengthBytes(name.count) + name + lengthBytes(32) + bytes)
    }
}
