import Testing
import WinRMParameters

/// Where a server may send a client.
struct WSManRedirectorTests {
    private func redirector(_ uri: String, _ texts: String...) throws -> WSManRedirector {
        WSManRedirector(try WSManParameters(texts: texts).target(at: .uri(uri)))
    }

    @Test("Nobody is followed unless somebody allows it")
    func refused() throws {
        var redirector = try redirector("https://srv01/wsman")
        let error = #expect(throws: WSManParameterError.self) { try redirector.redirected(to: "https://srv01/other") }
        #expect(error?.code == .redirected)
        #expect(error?.message.contains("-AllowRedirection") == true)
    }

    @Test("The host and scheme that were named are followed, five times, each with a warning that names the address")
    func followed() throws {
        var redirector = try redirector("https://srv01/wsman", "AllowRedirection=1", "IncludePortInSPN=1")
        for (location, text) in [
            ("https://SRV01:5986/a", "https://SRV01:5986/a"), ("/b?c=d", "https://SRV01:5986/b?c=d"),
            ("https://srv01", "https://srv01/wsman"), ("https://srv01/e", "https://srv01/e"), ("/f", "https://srv01/f"),
        ] {
            let step = try redirector.redirected(to: location)
            #expect(step.target.url.text == text)
            #expect(step.target.service.port == step.target.url.port)
            #expect(step.warning.contains("\"\(text)\""))
        }
        let error = #expect(throws: WSManParameterError.self) { try redirector.redirected(to: "/g") }
        #expect(error?.code == .tooManyRedirections)
    }

    @Test("MaximumRedirection lowers how often, and 0 is never")
    func fewer() throws {
        var once = try redirector("https://srv01/wsman", "AllowRedirection=1", "MaximumRedirection=1")
        _ = try once.redirected(to: "/a")
        #expect(throws: WSManParameterError.self) { try once.redirected(to: "/b") }
        var never = try redirector("https://srv01/wsman", "AllowRedirection=1", "MaximumRedirection=0")
        #expect(throws: WSManParameterError.self) { try never.redirected(to: "/a") }
    }

    @Test(
        "Another host or scheme gets nothing, unless it was named",
        arguments: [
            ("https://other/wsman", [], false), ("http://srv01/wsman", [], false),
            ("https://srv01.example.com/wsman", [], false), ("https://other/wsman", ["RedirectTo=other"], true),
            ("http://other/wsman", ["RedirectTo=other"], false),
            ("http://other/wsman", ["RedirectTo=http://other"], true),
            ("https://pod1.example.com/", ["RedirectTo=*.example.com"], true),
            ("https://example.com/", ["RedirectTo=*.example.com"], false),
            ("https://evilexample.com/", ["RedirectTo=*.example.com"], false),
            ("https://example.com.evil/", ["RedirectTo=example.com"], false),
        ] as [(String, [String], Bool)]
    )
    func elsewhere(location: String, texts: [String], isFollowed: Bool) throws {
        let parameters = try WSManParameters(texts: ["AllowRedirection=1"] + texts)
        var redirector = WSManRedirector(try parameters.target(at: .uri("https://srv01/wsman")))
        if isFollowed {
            let step = try redirector.redirected(to: location)
            #expect(step.target.service.host == step.target.url.host)
        } else {
            let error = #expect(throws: WSManParameterError.self) { try redirector.redirected(to: location) }
            #expect(error?.code == .redirectedElsewhere)
            #expect(error?.message.contains("--redirect-to") == true)
        }
    }

    @Test(
        "A location that is no address of a service is told as that, without a password that it may have",
        arguments: ["", "ftp://srv01/", "//srv01/wsman", "https://op:pass@srv01/wsman", "https://srv01/\u{1B}[2J"]
    )
    func malformed(location: String) throws {
        var redirector = try redirector("https://srv01/wsman", "AllowRedirection=1")
        let error = #expect(throws: WSManParameterError.self) { try redirector.redirected(to: location) }
        #expect(error?.code == .invalidRedirection)
        #expect(error?.message.contains("pass@") == false)
        #expect(error?.message.contains("\u{1B}") == false)
    }
}
