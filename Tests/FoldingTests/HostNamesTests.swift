import Folding
import Testing

@Suite("What a host calls itself")
struct HostNamesTests {
    private func digest(_ text: String, _ names: [String], prompt: String? = nil) -> TextDigest {
        var names = HostNames(names)
        if let prompt { names.add(prompt: prompt) }
        var text = text
        return text.withUTF8 { TextDigest($0, of: names) }
    }

    @Test(
        "A host's own name, full, short, in capitals, as an address or as its prompt has it, makes no difference",
        arguments: [
            ("op@web01.example.org:2222", "web01", "db7", "db7"),
            ("web01.example.org", "in web01.example.org.", "db7.example.org", "in db7.example.org."),
            ("web01", "WEB01: ok", "db7", "db7: ok"),
            ("web01", "\u{1B}[32mweb01\u{1B}[0m x", "db7", "\u{1B}[32mdb7\u{1B}[0m x"),
            ("10.0.0.5", "from 10.0.0.5, port 1", "10.0.0.77", "from 10.0.0.77, port 1"),
            ("[fe80::1]:22", "at fe80::1", "fe80::2", "at fe80::2"),
            ("web01", "[web01]: PS /root> ", "db7", "[db7]: PS /root> "),
            ("web01", "web01web01 web01", "db7", "web01web01 db7"),
            ("web01", "a\n\n", "db7", "a"),
            // Its name is a word of what every host says.
            ("debian", "Debian GNU/Linux 12 (bookworm)", "web01", "Debian GNU/Linux 12 (bookworm)"),
            // As Red Hat's shell has it, which shows the short name.
            ("web01.dc1.example.com", "[root@web01 ~]# ls", "db7.dc1.example.com", "[root@db7 ~]# ls"),
        ]
    )
    func ownNames(one: String, oneText: String, other: String, otherText: String) {
        #expect(digest(oneText, [one]).isLike(digest(otherText, [other])))
    }

    @Test(
        "Another host's name, and a name within a word, a number or a longer address, is text like any other",
        arguments: [
            ("web01", "db7 is up", "db7", "db8 is up"),
            ("web1", "web10", "web2", "web20"),
            ("web1", "myweb1", "web2", "myweb2"),
            ("10.0.0.1", "10.0.0.1.5", "10.0.0.2", "10.0.0.2.5"),
            ("10.0.0.1", "210.0.0.1", "10.0.0.2", "210.0.0.2"),
            ("7.example.org", "7 users", "8.example.org", "8 users"),
            ("web01", "\u{E9}web01", "db7", "\u{E9}db7"),
            ("web01", "a\n\nb", "db7", "a\nb"),
        ]
    )
    func others(one: String, oneText: String, other: String, otherText: String) {
        #expect(!digest(oneText, [one]).isLike(digest(otherText, [other])))
    }

    @Test("What a prompt calls its host counts as its name, also where the target is an address")
    func prompts() {
        let one = digest("alpha:/srv", ["10.0.0.1"], prompt: "\u{1B}[1mop@alpha:~$ ")
        #expect(one.isLike(digest("beta:/srv", ["10.0.0.2"], prompt: "op@beta:~$ ")))
        #expect(!one.isLike(digest("gamma:/srv", ["10.0.0.2"], prompt: "op@beta:~$ ")))
    }

    @Test("A host of three names with as many first letters is found by each of them")
    func manyFirstLetters() {
        let names = ["web01", "alpha.example.org", "10.0.0.1"]
        for (text, other) in [("x web01", "x b"), ("x alpha", "x b"), ("x 10.0.0.1", "x b")] {
            #expect(digest(text, names).isLike(digest(other, ["b"])), "\(text)")
            #expect(digest(text, names).hasNames)
        }
        #expect(!digest("x y", names).hasNames)
    }
}
