import PSRunCommandLine
import Testing

/// How a real client named its sessions (account `op`).
struct SessionLabelTests {
    @Test(
        "A prompt names its target as a real client does",
        arguments: [
            ("adm2@127.0.0.1:2222", nil, "[adm2@127.0.0.1]: PS>"),
            ("LOCALHOST", nil, "[localhost]: PS>"),
            ("127.0.0.1", "adm2", "[adm2@127.0.0.1]: PS>"),
            ("[::1]:2222", nil, "[[::1]]: PS>"),
            ("op@web01", nil, "[web01]: PS>"),
            ("Op@web01", nil, "[Op@web01]: PS>"),
            ("adm2@web01", "op", "[adm2@web01]: PS>"),
        ]
    )
    func wraps(hostName: String, userName: String?, prompt: String) throws {
        let label = try HostName.parse(hostName).sessionLabel(userName: userName, localAccount: "op")
        #expect("[\(label)]: PS>" == prompt)
    }
}
