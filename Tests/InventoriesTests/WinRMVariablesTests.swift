import Inventories
import Testing
import WinRMParameters

/// What an inventory says of sessions over WinRM.
struct WinRMVariablesTests {
    @Test("What Ansible's psrp and winrm are told is what a session is")
    func targets() throws {
        let inventory = try Inventory(
            """
            p0 ansible_connection=psrp
            p1 ansible_connection=psrp ansible_port=5985 ansible_user=op@EXAMPLE.COM
            p2 ansible_connection=psrp ansible_psrp_protocol=http ansible_psrp_auth=ntlm ansible_user=op
            p3 ansible_connection=psrp ansible_psrp_port=80 ansible_psrp_auth=kerberos ansible_psrp_path=/ps
            p4 ansible_connection=psrp ansible_psrp_auth=credssp ansible_psrp_user='E\\x' ansible_psrp_host=10.0.0.4
            p5 ansible_connection=psrp ansible_psrp_auth=basic ansible_ssh_user=op ansible_psrp_configuration_name=JEA
            w0 ansible_connection=winrm ansible_user=op
            w1 ansible_connection=ansible.builtin.winrm ansible_port=5985 ansible_winrm_transport=kerberos
            w2 ansible_connection=winrm ansible_winrm_scheme=http ansible_winrm_transport='ntlm,basic' ansible_user=op
            w3 ansible_connection=winrm ansible_winrm_transport=ssl ansible_user=op ansible_winrm_path=wsman2
            w4 ansible_connection=winrm ansible_winrm_transport=certificate ansible_winrm_cert_pem=/c ansible_user=op
            """
        )
        let found = try inventory.hosts.map { try inventory.target(of: $0) }
        let told = try found.map { target in
            let winRM = try #require(target.winRM)
            let place = try winRM.target(at: .computer(target.address), named: target.name)
            return "\(place.displayName) \(place.url) \(place.login.name) \(place.login.user ?? "-")"
        }
        #expect(
            told == [
                "p0 https://p0:5986/wsman Negotiate -", "p1 http://p1:5985/wsman Negotiate op@EXAMPLE.COM",
                "p2 http://p2:5985/wsman Negotiate (NTLM) op", "p3 https://p3:80/ps Kerberos -",
                #"p4 https://10.0.0.4:5986/wsman Credssp E\x"#, "p5 https://p5:5986/wsman Basic op",
                "w0 https://w0:5986/wsman Negotiate (NTLM) op", "w1 http://w1:5985/wsman Kerberos -",
                "w2 http://w2:5985/wsman Negotiate (NTLM) op", "w3 https://w3:5986/wsman2 Basic op",
                "w4 https://w4:5986/wsman Certificate -",
            ]
        )
        #expect(found[5].winRM?.configurationName == "JEA")
        #expect(inventory.warnings.map(\.message).filter { $0.contains("falls back to no other") }.count == 1)
    }

    @Test("Checks, bounds and names are taken over, each by what psrun calls it")
    func settings() throws {
        let inventory = try Inventory(
            """
            all:
              hosts:
                h:
                  ansible_connection: psrp
                  ansible_psrp_cert_validation: ignore
                  ansible_psrp_ca_cert: /ca.pem
                  ansible_psrp_message_encryption: never
                  ansible_psrp_proxy: http://proxy:3128
                  ansible_psrp_connection_timeout: 5
                  ansible_psrp_operation_timeout: "60"
                  ansible_psrp_read_timeout: 70
                  ansible_psrp_negotiate_service: WSMAN
                  ansible_psrp_negotiate_hostname_override: h.example.com
                  ansible_psrp_negotiate_delegate: true
                  ansible_psrp_max_envelope_size: 153600
                  ansible_psrp_ignore_proxy: yes
                  ansible_winrm_transport: basic
            """,
            as: "hosts.yml"
        )
        let target = try inventory.target(of: inventory.hosts[0])
        #expect(
            target.winRM?.texts == [
                "OpenTimeout=5000ms", "OperationTimeout=60000ms", "Proxy=http://proxy:3128", "SkipCACheck=true",
                "SkipCNCheck=true", "NoEncryption=true", "SPNService=WSMAN", "SPNHost=h.example.com",
                "MaximumEnvelopeSize=153600", "UseSSL=true", "Authentication=Negotiate", "CAFile=/ca.pem",
            ]
        )
        #expect(inventory.warnings.count == 1)
        #expect(inventory.warnings.first?.message.contains("ansible_psrp_negotiate_delegate has no effect") == true)
    }

    @Test(
        "A password is read where it stands; what Ansible alone can read is left to other ways, with a word",
        arguments: [
            ("ansible_password: secret", "secret", 0), ("ansible_winrm_password: secret", "secret", 0),
            ("ansible_ssh_pass: old", "old", 0), ("ansible_ssh_pass: old\n      ansible_password: new", "new", 0),
            ("ansible_password: 12345", "12345", 0), ("ansible_password: 'a {b} c'", "a {b} c", 0),
            ("ansible_password: '{{ vault_password }}'", nil, 1), ("ansible_password: !vault x", nil, 1),
            ("ansible_password: ''", nil, 1), ("ansible_password: null", nil, 0), ("x: y", nil, 0),
        ] as [(String, String?, Int)]
    )
    func passwords(variable: String, password: String?, warnings: Int) throws {
        let inventory = try Inventory(
            "all:\n  hosts:\n    h:\n      ansible_connection: winrm\n      \(variable)\n",
            as: "hosts.yml"
        )
        #expect(try inventory.target(of: inventory.hosts[0]).password == password)
        #expect(inventory.warnings.count == warnings)
        #expect(inventory.warnings.allSatisfy { !$0.message.contains("secret") })
    }

    @Test(
        "A value that psrun cannot do is refused with its line",
        arguments: [
            ("ansible_psrp_auth: plain", "which psrun does not have"),
            ("ansible_psrp_auth: '{{ x }}'", "template"), ("ansible_psrp_protocol: ftp", "neither http nor https"),
            ("ansible_psrp_cert_validation: maybe", "neither validate nor ignore"),
            ("ansible_psrp_message_encryption: sometimes", "auto, always or never"),
            (
                "ansible_psrp_message_encryption: always\n      ansible_psrp_cert_validation: ignore",
                "leaves that to TLS"
            ),
            ("ansible_psrp_proxy: socks5h://localhost:1080", "Proxy does not take"),
            ("ansible_psrp_connection_timeout: soon", "OpenTimeout does not take"),
            ("ansible_psrp_max_envelope_size: 1", "MaximumEnvelopeSize does not take"),
            ("ansible_psrp_path: '{{ x }}'", "template"), ("ansible_psrp_port: 0", "not a port"),
        ]
    )
    func refusals(variable: String, words: String) throws {
        let inventory = try Inventory(
            "all:\n  hosts:\n    h:\n      ansible_connection: psrp\n      \(variable)\n",
            as: "hosts.yml"
        )
        let error = #expect(throws: InventoryError.self) { try inventory.target(of: inventory.hosts[0]) }
        #expect(error?.message.hasPrefix("hosts.yml, line 5: ") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
}
