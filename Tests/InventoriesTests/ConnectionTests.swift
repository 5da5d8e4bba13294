import Inventories
import Testing
import YAML

struct ConnectionTests {
    @Test("A host is reached as its variables say, and by its name where they say nothing")
    func target() throws {
        let inventory = try Inventory(
            """
            h1
            h2 ansible_host=10.0.0.2 ansible_port=2222 ansible_user=op ansible_ssh_private_key_file=~/k
            h3 ansible_connection=local
            h4 ansible_connection=community.docker.docker ansible_host=web ansible_user=root ansible_ssh_user=no
            h5 ansible_connection=containers.podman.podman ansible_podman_host=pod
            h6 ansible_connection=psrp ansible_psrp_port=5986
            h7 ansible_connection=winrm ansible_winrm_user=admin
            h8 ansible_ssh_host=10.0.0.8 ansible_host=10.0.0.9 ansible_ssh_port=23 ansible_ssh_user=x
            h9 ansible_user=None ansible_port=None ansible_host=None ansible_connection=smart
            h10 ansible_user=007 ansible_port='"22"'
            """
        )
        let targets = try inventory.hosts.map { try inventory.target(of: $0) }
        #expect(targets.map(\.transport) == [.ssh, .ssh, .local, .docker, .podman, .psrp, .winrm, .ssh, .ssh, .ssh])
        #expect(targets.map(\.address) == ["h1", "10.0.0.2", "h3", "web", "pod", "h6", "h7", "10.0.0.8", "h9", "h10"])
        #expect(targets.map(\.port) == [nil, 2222, nil, nil, nil, 5986, nil, 23, nil, 22])
        #expect(targets.map(\.user) == [nil, "op", nil, "root", nil, nil, "admin", "x", nil, "007"])
        #expect(targets[1].privateKeyFile == "~/k")
    }

    @Test(
        "A value that cannot be meant is refused with its line, and names what Ansible reads",
        arguments: [
            ("all:\n  hosts:\n    h1:\n      ansible_host: 1.10\n", "number 1.1 to Ansible and is written 1.10"),
            ("all:\n  hosts:\n    h1:\n      ansible_user: 007\n", "number 7 to Ansible and is written 007"),
            ("all:\n  hosts:\n    h1:\n      ansible_user: yes\n", "truth value true"),
            ("all:\n  hosts:\n    h1:\n      ansible_host: [a]\n", "a list"),
            ("all:\n  hosts:\n    h1:\n      ansible_host: \"{{ x }}.eu\"\n", "template"),
            ("all:\n  hosts:\n    h1:\n      ansible_user: !vault x\n", "encrypted"),
            ("all:\n  hosts:\n    h1:\n      ansible_port: 65536\n", "not a port"),
            ("all:\n  hosts:\n    h1:\n      ansible_port: 0\n", "not a port"),
            ("all:\n  hosts:\n    h1:\n      ansible_port: ssh\n", "not a port"),
            ("all:\n  hosts:\n    h1:\n      ansible_port: yes\n", "not a port"),
            ("all:\n  hosts:\n    h1:\n      ansible_port: \"{{ p }}\"\n", "template"),
            ("all:\n  hosts:\n    h1:\n      ansible_connection: network_cli\n", "network_cli"),
        ]
    )
    func refused(text: String, words: String) throws {
        let inventory = try Inventory(text, as: "i.yml")
        let error = #expect(throws: InventoryError.self) { try inventory.target("h1") }
        #expect(error?.line == 4)
        #expect(error?.source == "i.yml")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("A port that YAML reads to another base is told")
    func otherBase() throws {
        let inventory = try Inventory(
            "all:\n  hosts:\n    h1: {ansible_port: 0022}\n    h2: {ansible_port: 22}\n",
            as: "i.yml"
        )
        #expect(try inventory.target("h1")?.port == 18)
        #expect(try inventory.target("h2")?.port == 22)
        #expect(inventory.warnings.map(\.message).filter { $0.contains("0022") && $0.contains("18") }.count == 1)
    }

    @Test("Files of variables beside the inventory are read: one a name, folders whole, host's over group's")
    func files() throws {
        let inventory = try Inventory(
            "[web]\nh1 a=inline\n[site:children]\nweb\n",
            files: [
                "group_vars/all.yml": "a: all\nb: all\nc: all\nd: all\n",
                "group_vars/site": "b: site\nc: site\nd: site\n",
                "group_vars/web/1.yml": "c: web\nd: web\n", "group_vars/web/2/x.json": "{\"d\": \"last\"}",
                "group_vars/web.yml": "d: no\n",
                "group_vars/web/.x": "d: no\n", "group_vars/web/x.txt": "d: no\n", "host_vars/h1.yaml": "e: host\n",
                "host_vars/h1.json": "e: no\n",
            ]
        )
        let host = try #require(inventory.host(named: "h1"))
        let variables = try inventory.variables(of: host).mapValues { $0.node.string ?? "" }
        #expect(variables == ["a": "inline", "b": "site", "c": "web", "d": "last", "e": "host"])
        #expect(inventory.groups(of: host) == ["site", "web"])
        #expect(inventory.hosts(of: "site")?.count == 1)
    }

    @Test(
        "A wrong file of variables is refused with its name and line",
        arguments: [
            ("a: 1\nb: [\n", 3, "YAML"), ("- 1\n", 1, "a list"),
            ("$ANSIBLE_VAULT;1.1;AES256\n61\n", nil, "ansible-vault"), ("a: !foo 1\n", 1, "!foo"),
        ] as [(String, Int?, String)]
    )
    func wrongFiles(text: String, line: Int?, words: String) throws {
        let inventory = try Inventory("[web]\nh1\n[db]\nh2\n", files: ["group_vars/web.yml": text])
        let error = #expect(throws: InventoryError.self) { try inventory.target("h1") }
        #expect(error?.source == "group_vars/web.yml")
        #expect(error?.line == line)
        #expect(error?.message.contains(words) == true)
        #expect(try inventory.target("h2")?.address == "h2")
    }
}
