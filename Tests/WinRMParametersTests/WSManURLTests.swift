import Testing
import WinRMParameters

/// Which service a computer's name and an address mean.
struct WSManURLTests {
    @Test(
        "A computer's service is at WinRM's ports and path, unless something else is said",
        arguments: [
            ("srv01", false, nil, nil, "http://srv01:5985/wsman"),
            ("SRV01.example.com", true, nil, nil, "https://SRV01.example.com:5986/wsman"),
            (" srv01 ", false, 80, "", "http://srv01/wsman"),
            (".", true, 443, "PowerShell", "https://localhost/PowerShell"),
            ("10.0.0.5", true, 6986, "/a b", "https://10.0.0.5:6986/a%20b"),
            ("fe80::1%eth0", false, nil, nil, "http://[fe80::1]:5985/wsman"),
            ("[2001:DB8::5]", false, nil, nil, "http://[2001:db8::5]:5985/wsman"),
            ("srv_01", false, nil, "a?b#c\\d%20", "http://srv_01:5985/a%3Fb%23c/d%20"),
        ] as [(String, Bool, UInt16?, String?, String)]
    )
    func computers(name: String, usesTLS: Bool, port: UInt16?, path: String?, text: String) throws {
        #expect(try WSManURL.ofComputer(name, usesTLS: usesTLS, port: port, path: path).text == text)
    }

    @Test("An IPv6 zone is for whoever connects, and for nobody else")
    func zone() throws {
        let url = try WSManURL.ofComputer("fe80::1%25eth0", usesTLS: false, port: nil, path: nil)
        #expect(url.host == "fe80::1%eth0")
        #expect(url.name == "fe80::1")
        #expect(url.authority == "[fe80::1]:5985")
    }

    @Test(
        "What is no computer's name is refused, with what was probably meant",
        arguments: [
            ("http://srv01", "-ConnectionUri"), ("op@srv01", "-Credential"), ("srv01:5985", "-Port"),
            ("größe", "xn--"), ("", "the name or the address"), ("srv 01", "the name or the address"),
            ("-srv", "the name or the address"), ("a..b", "the name or the address"),
            ("[::1", "the name or the address"),
            (String(repeating: "a", count: 64), "the name or the address"), ("fe80::1%", "the name or the address"),
        ]
    )
    func noComputers(name: String, hint: String) {
        let error = #expect(throws: WSManParameterError.self) { try WSManURL.computerName(name) }
        #expect(error?.code == .invalidComputerName)
        #expect(error?.message.contains(hint) == true, "\(error?.message ?? "")")
        #expect(error?.message.hasSuffix("(PSSessionInvalidComputerName)") == true)
    }

    @Test(
        "An address is taken as it is given; where nothing follows the host, /wsman does",
        arguments: [
            ("https://srv01", "https://srv01/wsman"), ("http://srv01/", "http://srv01/wsman"),
            ("HTTPS://Srv01:5986", "https://Srv01:5986/wsman"),
            ("http://srv01/PowerShell/", "http://srv01/PowerShell/"),
            ("http://srv01:80/?a=b", "http://srv01/?a=b"), ("http://srv01?a=b", "http://srv01/?a=b"),
            ("https://[::1]:5986/wsman", "https://[::1]:5986/wsman"), ("https://srv01:/wsman", "https://srv01/wsman"),
            ("https://srv01/ä", "https://srv01/%C3%A4"),
        ]
    )
    func addresses(given: String, text: String) throws {
        #expect(try WSManURL.parse(given).text == text)
    }

    @Test(
        "What is not a service's address is refused, and no password of it is shown",
        arguments: [
            ("srv01", WSManParameterError.Code.relativeURI), ("//srv01", .relativeURI), ("ftp://srv01", .invalidScheme),
            ("https://op:pass@srv01/", .invalidURI), ("https://", .invalidURI), ("https://a b/", .invalidURI),
            ("https://srv01/#x", .invalidURI), ("https://srv01:0/", .portOutOfRange),
            ("https://srv01:65536/", .portOutOfRange), ("https://::1/", .invalidURI),
            ("https://srv01:x/", .portOutOfRange),
            ("https://srv01/\u{1B}", .invalidURI),
            ("https://srv01/" + String(repeating: "a", count: 2048), .invalidURI),
        ]
    )
    func noAddresses(given: String, code: WSManParameterError.Code) {
        let error = #expect(throws: WSManParameterError.self) { try WSManURL.parse(given) }
        #expect(error?.code == code)
        #expect(error?.message.contains("pass@") == false)
        #expect(error?.message.contains("\u{1B}") == false)
    }

    @Test(
        "Requests name the client whose behaviour they have, in the query",
        arguments: [
            ("http://srv01:5985/wsman", "/wsman?PSVersion=7.6.9"), ("http://srv01/a/", "/a?PSVersion=7.6.9"),
            ("http://srv01/a/?b=c", "/a/?b=c;PSVersion=7.6.9"),
        ]
    )
    func naming(given: String, target: String) throws {
        #expect(try WSManURL.parse(given).naming.target == target)
    }
}
