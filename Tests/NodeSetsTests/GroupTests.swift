import NodeSets
import Testing

struct GroupTests {
    private static let main =
        "[Main]\ndefault = local\nconfdir: $CFGDIR/conf \"$CFGDIR/conf\"\nautodir: ${CFGDIR}/auto\n"

    private func fold(_ text: String, _ system: MemorySystem, folders: [String] = ["/etc", "/home"])
        throws(NodeSetError)
        -> String
    {
        var reader = NodeSetReader(groups: try GroupConfiguration.resolver(folders: folders, system: system))
        return try reader.read(text).folded
    }

    private func refusal(_ text: String, _ system: MemorySystem) -> NodeSetError? {
        do throws(NodeSetError) {
            _ = try fold(text, system)
            return nil
        } catch {
            return error
        }
    }

    private func system(_ yaml: String = "") -> MemorySystem {
        var system = MemorySystem()
        system.files["/etc/groups.conf"] = Self.main
        system.files["/etc/conf/a.conf"] = """
            # comment
            [local,other]
            map: sed -n
                's/^$GROUP:\\(.*\\)/\\1/p' $CFGDIR/groups $$ $1
            list = ls $SOURCE
            all: cat
            """
        if !yaml.isEmpty { system.files["/etc/auto/g.yaml"] = yaml }
        return system
    }

    @Test("Commands run in their file's folder, with the group's name in their line, and once")
    func upcalls() throws {
        var system = system()
        let map = "/etc/conf: sed -n\n's/^%:\\(.*\\)/\\1/p' /etc/conf/groups $ $1"
        system.outputs[map.replacing("%", with: "web")] = "web[1-2]\n  web3 @db \n"
        system.outputs[map.replacing("%", with: "db")] = "db1"
        system.outputs[map.replacing("%", with: "idle")] = "\n"
        system.outputs[map.replacing("%", with: "gone")] = ""
        system.outputs["/etc/conf: ls local"] = "web db idle\n"
        system.outputs["/etc/conf: cat"] = "web[1-9] db[1-2]"
        #expect(try fold("@web", system) == "db1,web[1-3]")
        #expect(try fold("@other:db,@local:db", system) == "db1")
        #expect(try fold("web[2-3]*,@idle", system) == "web[2-3]")
        #expect(try fold("@*!web*", system) == "db[1-2]")
        #expect(refusal("@gone", system)?.code == .unknownGroup)
        let failed = refusal("@failing", system)
        #expect(failed?.code == .upcallFailed)
        // The rest of the line may hold secrets.
        #expect(failed?.message.contains("'map' of group source local (sed)") == true, "\(failed?.message ?? "")")
        #expect(failed?.message.contains("/etc/conf/groups") == false, "\(failed?.message ?? "")")
        #expect(refusal("@$(reboot)", system)?.code == .groupNameCharacter)
        #expect(refusal("@nosuch:web", system)?.message.contains("local, other") == true)
    }

    @Test("A groups.conf that anybody may change is not used")
    func dangers() throws {
        for path in ["/etc/groups.conf", "/etc/conf", "/etc/conf/a.conf"] {
            var system = system()
            system.dangerous = [path]
            let error = refusal("n1", system)
            #expect(error?.code == .unreadable)
            #expect(error?.message.contains("\(path) is not used: anybody may write to it") == true)
        }
    }

    @Test("One command may tell all groups: mapall")
    func mapAll() throws {
        var system = MemorySystem()
        system.files["/etc/groups.conf"] = "[x]\nmapall: tell\n"
        system.outputs["/etc: tell"] = "a: n[1-2]\nb: m1 m2\na: n5\nnone:\n"
        #expect(try fold("@a", system) == "n[1-2,5]")
        #expect(try fold("@*", system) == "m[1-2],n[1-2,5]")
        #expect(try fold("@none,@b", system) == "m[1-2]")
        #expect(refusal("@c", system)?.code == .unknownGroup)
        system.outputs["/etc: tell"] = "a: n1\ntoken=hidden\n"
        let wrong = refusal("@a", system)
        #expect(wrong?.message.contains("line 2") == true && wrong?.message.contains("hidden") == false)
    }

    @Test("Group files have node sets, lists of them, and groups of the same source")
    func groupFiles() throws {
        var system = system("local2:\n    web: 'web[1-3]'\n    both: ['@web';db1]\n    none:\n    sel: 'web*'\n")
        #expect(try fold("@local2:both", system) == "db1,web[1-3]")
        #expect(try fold("@local2:none,a1", system) == "a1")
        #expect(try fold("@local2:*", system) == "db1,web[1-3]")
        #expect(try fold("@local2:sel", system) == "web[1-3]")
        system.files["/home/groups.conf"] = "[Main]\ndefault: local2\n"
        system.files["/home/auto/h.yaml"] = "home:\n    me: h1\n"
        system.files["/home/auto/.hidden.yaml"] = "broken"
        system.files["/home/conf/a.conf"] = "[local2]\nmap: x\n"
        #expect(try fold("@home:me", system) == "h1")
    }

    @Test(
        "A group file of another form is refused with file and line",
        arguments: [
            ("s:\n    web: a1\n    web: a2\n", "line 3", "twice"),
            ("s:\n    12: a1\n", "line 2", "quotes"),
            ("s:\n    web: 12\n", "line 2", "quotes"),
            ("7:\n    web: a1\n", "line 1", "quotes"),
            ("s:\n    web: a1\ns:\n    db: a2\n", "line 3", "twice"),
            ("s:\n    web\n", "line 2", "colon"),
            ("local:\n    web: a1\n", "/etc/conf/a.conf", "rename"),
        ]
    )
    func badGroupFiles(yaml: String, place: String, why: String) throws {
        let error = try #require(refusal("@s:web", system(yaml)))
        #expect(error.code == .configuration)
        #expect(error.message.contains("/etc/auto/g.yaml") && error.message.contains(place), "\(error.message)")
        #expect(error.message.contains(why), "\(error.message)")
    }

    @Test(
        "A groups.conf of another form is refused with file and line",
        arguments: [
            ("default: x\n", "line 1"), ("[Main]\nx\n", "line 2"), ("[Main]\na: 1\nA: 2\n", "line 3"),
            ("[Main]\n[Main]\n", "line 2"), ("[Main]\ndefault: nosuch\n", "line 2"),
            ("[Main]\nconfdir: 'a\n", "line 2"),
            ("[Main]\nconfdir: %x\n", "line 2"), ("[s]\nall: x\n", "'map'"),
        ]
    )
    func badConfiguration(text: String, place: String) throws {
        var system = MemorySystem()
        system.files["/etc/groups.conf"] = text
        let error = try #require(refusal("a1", system))
        #expect(error.code == .configuration)
        #expect(error.message.contains("/etc/groups.conf") && error.message.contains(place), "\(error.message)")
    }

    @Test("Groups that hold each other are told, and deep nesting is bounded")
    func circles() throws {
        let circle = try #require(refusal("@s:a", system("s:\n    a: '@b'\n    b: 'n1,@a'\n")))
        #expect(circle.code == .groupCycle)
        #expect(circle.message.contains("@s:a → @s:b → @s:a"), "\(circle.message)")
        let deep = (0..<80).map { "    g\($0): '@g\($0 + 1),@g\($0 + 1)'\n" }.joined()
        #expect(refusal("@s:g0", system("s:\n\(deep)    g80: n1\n"))?.code == .groupsTooDeep)
        #expect(try fold("@s:g20", system("s:\n\(deep)    g80: n1\n")) == "n1")
    }

    @Test("A file that may not be read is skipped, and told where a group is missed")
    func forbiddenFiles() throws {
        var system = system("s:\n    a: n1\n")
        system.forbidden = ["/etc/auto/secret.yaml"]
        #expect(try fold("@s:a", system) == "n1")
        #expect(refusal("@s:b", system)?.message.contains("/etc/auto/secret.yaml") == true)
        system.forbidden = ["/home/groups.conf"]
        #expect(refusal("@s:a", system)?.code == .unreadable)
    }

    @Test("Without groups.conf a group is refused, and it is told where one was looked for")
    func noConfiguration() {
        let error = refusal("@web", MemorySystem())
        #expect(error?.code == .unknownSource)
        #expect(error?.message.contains("/etc, /home") == true)
        #expect(refusal("web*", MemorySystem())?.code == .unknownSource)
    }

    @Test("The folders of groups.conf are ClusterShell's, the one of CLUSTERSHELL_CFGDIR the strongest")
    func folders() {
        let folders = GroupConfiguration.folders(home: "/home/u", environment: ["CLUSTERSHELL_CFGDIR": "/c"])
        #expect(
            folders == ["/etc/clustershell", "/home/u/.local/etc/clustershell", "/home/u/.config/clustershell", "/c"]
        )
        let bare = GroupConfiguration.folders(home: nil, environment: ["XDG_CONFIG_HOME": "/x"])
        #expect(bare == ["/etc/clustershell", "/x/clustershell"])
    }

    @Test("A node knows the groups that were read and hold it")
    func memberships() throws {
        let system = system("s:\n    web: 'web[1-3]'\n    both: '@web,db1'\n    other: 'web1'\n")
        var reader = NodeSetReader(groups: try GroupConfiguration.resolver(folders: ["/etc"], system: system))
        _ = try reader.read("@s:both")
        #expect(reader.groups(holding: "web1") == ["s:both", "s:web"])
        #expect(reader.groups(holding: "db1") == ["s:both"])
    }

    @Test("Wildcards match whole names by case")
    func wildcards() throws {
        let system = system("s:\n    all: 'web[1-3],db1,ab.c'\n    g: 'w*3,?b1,*.*,a**c,WEB*'\n")
        #expect(refusal("@s:g", system)?.code == .nothingMatches)
        let fine = self.system("s:\n    all: 'web[1-3],db1,ab.c'\n    g: 'w*3,?b1,*.*,a**c!WEB*'\n")
        #expect(try fold("@s:g", fine) == "ab.c,db1,web3")
    }
}
