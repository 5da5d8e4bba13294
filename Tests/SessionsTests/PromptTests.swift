import CLIXML
import ConsoleText
import PSRP
import Testing

@testable import Sessions

@Suite("Prompts")
struct PromptTests {
    private func field(_ name: String, label: String = "", type: String = "System.String") -> PSValue {
        .properties([("name", .string(name)), ("label", .string(label)), ("parameterTypeFullName", .string(type))])
    }

    private func choices(_ labels: String...) -> PSValue {
        .list(labels.map { .properties([("label", .string($0)), ("helpMessage", .string(""))]) })
    }

    private func asked(
        _ method: HostMethod,
        _ parameters: [PSValue],
        answers: [AnswerRule] = [],
        asksPerson: Bool = false,
        columns: Int = 120,
        computerName: String = "web01"
    ) throws -> SessionRun {
        var run = try SessionRun("ask", ScriptedClient(["ask": [[.ask(method, parameters), .end(.completed)]]])) {
            $0.answers = answers
            $0.asksPerson = asksPerson
            $0.columns = columns
            $0.computerName = computerName
        }
        run.start()
        return run
    }

    private func rule(_ pattern: String, _ answer: String, isSecret: Bool = false) throws -> AnswerRule {
        AnswerRule(pattern: try SwiftPattern(pattern), answer: answer, isSecret: isSecret)
    }

    private func secure(_ text: String) -> PSValue {
        .secureString(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    }

    @Test("A secure string of the far side is told to be a secret, before what it comes in")
    func secureString() throws {
        let value = PSValue.properties([("Credential", .list([secure("hunter2")]))])
        var run = try SessionRun("get", ScriptedClient(["get": [[.output(value), .end(.completed)]]]))
        run.start()
        let secret = try #require(run.events.firstIndex(of: .secret("hunter2")))
        let record = try #require(run.events.firstIndex(of: .record(.output(value))))
        #expect(secret < record)
    }

    private func output(_ run: SessionRun) -> String? { run.result?.steps[0].output }

    @Test(
        "Each host call that wants an answer is refused at once by default",
        arguments: [
            .readLine, .readLineAsSecureString, .prompt, .promptForCredential1, .promptForCredential2, .promptForChoice,
            .promptForChoiceMultipleSelection, .readKey,
        ] as [HostMethod]
    )
    func refused(method: HostMethod) throws {
        let run = try asked(method, [.string("caption"), .string("message"), .list([field("f")]), .int32(0)])
        guard case .refused(let message, "PromptRefused") = run.replies.first else {
            Issue.record("the call was answered")
            return
        }
        #expect(message.contains("--answer"))
        #expect(run.screen == "[op@web01]: PS /> ask\n")
        #expect(run.result != nil)
    }

    @Test("Calls that ask nobody but want a reply are refused too")
    func unknownCall() throws {
        guard case .refused = try asked(.getBufferContents, []).replies.first else {
            Issue.record("the call was answered")
            return
        }
    }

    @Test("Read-Host, as a console shows it")
    func readHost() throws {
        let run = try asked(
            .prompt,
            [.string(""), .string(""), .list([field("Name")])],
            answers: [rule("^Name$", "alice")]
        )
        #expect(run.replies == [.result(.dictionary([(.string("Name"), .string("alice"))]))])
        #expect(output(run) == "Name: alice\n")
    }

    @Test("A secret is answered by a secret's rule alone, warned about, and never shown")
    func secret() throws {
        let call = [PSValue.string(""), .string(""), .list([field("Secret", type: "System.Security.SecureString")])]
        let plain = try asked(.prompt, call, answers: [rule("Secret", "visible")])
        guard case .refused = plain.replies.first else {
            Issue.record("a secret was answered by a rule that is none")
            return
        }
        let run = try asked(.prompt, call, answers: [rule("Secret", "s3cret", isSecret: true)])
        #expect(run.replies == [.result(.dictionary([(.string("Secret"), secure("s3cret"))]))])
        #expect(
            TerminalText.withoutColors(output(run) ?? "") == """
                WARNING: A script or application on the remote computer web01 is sending a prompt request. When you are \
                prompted, enter sensitive information, such as credentials or passwords, only if you trust the remote \
                computer and the application or script that is requesting the data.
                Secret: ********

                """
        )
        #expect(run.screen.contains("s3cret") == false)
    }

    @Test("Several fields, a caption and a list (console/prompts)")
    func fields() throws {
        let caption = "cmdlet m at command pipeline position 1"
        let message = "Supply values for the following parameters:"
        let run = try asked(
            .prompt,
            [
                .string(caption), .string(message),
                .list([
                    field("p", label: "&p", type: "System.Object"), field("n", label: "&n", type: "System.Int32"),
                    field("items", label: "&items", type: "System.String[]"),
                ]),
            ],
            answers: [rule("^p$", "pvalue"), rule("^items", "one,two"), rule("position 1$", "7")]
        )
        #expect(
            output(run) == """

                \(caption)
                \(message)
                p: pvalue
                n: 7
                items[0]: one
                items[1]: two
                items[2]:\u{20}

                """
        )
        guard case .result(let reply?) = run.replies.first else {
            Issue.record("no reply")
            return
        }
        #expect(reply[key: "n"]?.text == "7")
        #expect(reply[key: "items"]?.elements == [.string("one"), .string("two")])
        #expect(reply[key: "items"]?.objectValue?.typeNames.first == "System.String[]")
    }

    @Test(
        "A choice by hot key, by label, and by default",
        arguments: [("y", 0), ("no", 1), ("", 1)] as [(String, Int32)]
    )
    func choice(answer: String, index: Int32) throws {
        let run = try asked(
            .promptForChoice,
            [.string("c"), .string("m"), choices("&Yes", "&No"), .int32(1)],
            answers: [rule("m", answer)]
        )
        #expect(run.replies == [.result(.int32(index))])
        #expect(output(run) == "\nc\nm\n[Y] Yes  [N] No  [?] Help (default is \"N\"): \(answer)\n")
    }

    @Test("A choice that there is not is refused, with the answer named")
    func wrongChoice() throws {
        let run = try asked(
            .promptForChoice,
            [.string("c"), .string("m"), choices("&Yes", "&No"), .int32(-1)],
            answers: [rule("m", "maybe")]
        )
        guard case .refused(let message, _) = run.replies.first else {
            Issue.record("the call was answered")
            return
        }
        #expect(message.contains("maybe"))
    }

    @Test("Several choices at once")
    func severalChoices() throws {
        let run = try asked(
            .promptForChoiceMultipleSelection,
            [.string("c"), .string("m"), choices("&a", "&b", "&c"), .list([.int32(0)])],
            answers: [rule("m", "c,a")]
        )
        #expect(run.replies == [.result(.list([.int32(2), .int32(0)]))])
    }

    @Test("A credential, as a console of 80 columns shows it (console/prompts)")
    func credential() throws {
        let run = try asked(
            .promptForCredential2,
            [.string("cap"), .string("msg"), .string("user"), .string("target"), .int32(3), .int32(1)],
            answers: [rule("cap", "pw1", isSecret: true)],
            columns: 80,
            computerName: "127.0.0.1"
        )
        guard case .result(let credential?) = run.replies.first else {
            Issue.record("no reply")
            return
        }
        #expect(credential["UserName"]?.text == "user")
        #expect(credential["Password"] == secure("pw1"))
        #expect(credential.objectValue?.typeNames.first == "System.Management.Automation.PSCredential")
        #expect(
            output(run) == """

                PowerShell Credential Request: cap
                Warning: A script or application on the remote computer 127.0.0.1 is requesting
                 your credentials. Enter your credentials only if you trust the remote computer
                 and the application or script that is requesting them.

                msg
                Password for user user: ********


                """
        )
    }

    @Test("A credential without a user asks for one first")
    func credentialUser() throws {
        let run = try asked(
            .promptForCredential1,
            [.string("cap"), .string("msg"), .null, .string("")],
            answers: [rule("^User$", "alice"), rule("Password", "pw", isSecret: true)]
        )
        #expect(output(run)?.hasSuffix("User: alice\nPassword for user alice: ********\n\n") == true)
    }

    @Test("ReadLine and ReadKey, which name nothing")
    func lineAndKey() throws {
        #expect(try asked(.readLine, [], answers: [rule("^$", "bob")]).replies == [.result(.string("bob"))])
        let secret = try asked(.readLineAsSecureString, [], answers: [rule("", "x", isSecret: true)])
        #expect(secret.replies == [.result(secure("x"))])
        let key = try asked(.readKey, [.int32(6)], answers: [rule("", "x")])
        #expect(output(key) == "")
        guard case .refused = key.replies.first else {
            let expected = PSValue.properties([
                ("virtualKeyCode", .int32(88)), ("character", .char(120)), ("controlKeyState", .int32(0)),
                ("keyDown", .bool(true)),
            ])
            #expect(key.replies == [.result(expected)])
            return
        }
        Issue.record("the key was refused")
    }

    @Test(
        "A person answers item by item; a list ends with an empty answer; what was typed is recorded, a secret masked"
    )
    func person() throws {
        var run = try asked(
            .prompt,
            [
                .string(""), .string(""),
                .list([field("l", type: "System.String[]"), field("s", type: "System.Security.SecureString")]),
            ],
            asksPerson: true
        )
        #expect(run.events.last == .question(Question(kind: .line)))
        run.perform { $0.answer("one", at: $1) }
        run.perform { $0.answer("", at: $1) }
        #expect(run.events.last == .question(Question(kind: .secret)))
        run.perform { $0.answer("pw", at: $1) }
        #expect(run.events.contains(.typed("one\n", isOnScreen: true)))
        #expect(run.events.contains(.typedSecret(length: 2)))
        guard case .result(let reply?) = run.replies.first else {
            Issue.record("no reply")
            return
        }
        #expect(reply[key: "l"]?.elements == [.string("one")])
        #expect(reply[key: "s"] == secure("pw"))
        #expect(output(run)?.hasSuffix("l[0]: one\nl[1]: \ns: ********\n") == true)
    }

    @Test("A console shows how long a secret is, as PowerShell's; what is kept does not", arguments: [0, 1, 8, 400])
    func lengths(count: Int) throws {
        let secret = String(repeating: "x", count: count)
        var typed = try asked(.readLineAsSecureString, [], asksPerson: true)
        typed.perform { $0.answer(secret, at: $1) }
        let event = SessionEvent.typedSecret(length: count)
        #expect(typed.events.contains(event))
        #expect(event.consoleText == String(repeating: "*", count: count) + "\n")
        #expect(event.recordedText == "********\n")
        #expect(typed.replies == [.result(secure(secret))])
        let ruled = try asked(.readLineAsSecureString, [], answers: [rule("", secret, isSecret: true)])
        #expect(output(ruled) == output(typed))
    }

    @Test("A person who will not answer refuses; one who errs in a choice is asked again")
    func personDeclines() throws {
        var declined = try asked(.readLine, [], asksPerson: true)
        declined.perform { $0.declineAnswer(at: $1) }
        guard case .refused = declined.replies.first else {
            Issue.record("the call was answered")
            return
        }
        var chosen = try asked(
            .promptForChoice,
            [.string(""), .string(""), choices("&Yes"), .int32(-1)],
            asksPerson: true
        )
        chosen.perform { $0.answer("what", at: $1) }
        chosen.perform { $0.answer("yes", at: $1) }
        #expect(chosen.replies == [.result(.int32(0))])
    }

    @Test("A pattern that is too hard for a prompt's text does not match it, and the prompt is refused")
    func hardPattern() throws {
        let looks = Looks()
        let run = try asked(
            .prompt,
            [.string("c"), .string("m"), .list([field("Name")])],
            answers: [AnswerRule(pattern: HardPattern(looks: looks), answer: "x", isSecret: false)]
        )
        guard case .refused(_, "PromptRefused")? = run.replies.first else {
            Issue.record("\(run.replies)")
            return
        }
    }

    @Test("All rules and fields of one prompt share a few milliseconds, however many there are")
    func patternTime() throws {
        let looks = Looks()
        let hard = AnswerRule(pattern: HardPattern(looks: looks), answer: "x", isSecret: false)
        let fields = (0..<1000).map { field("f\($0)") }
        let run = try asked(
            .prompt,
            [.string("c"), .string("m"), .list(fields)],
            answers: Array(repeating: hard, count: 10) + [try rule("f", "y")]
        )
        #expect(looks.spent <= .milliseconds(20))
        #expect(run.replies.count == 1)
    }

    @Test("Prompts that come one after the other share a part of the time, however many there are")
    func burstOfPrompts() throws {
        let looks = Looks()
        let rules = [AnswerRule(pattern: HardPattern(looks: looks), answer: "x", isSecret: false)]
        let ask = ScriptedClient.Act.ask(.prompt, [.string("c"), .string("m"), .list([field("Name")])])
        let asks = Array(repeating: ask, count: 500)
        var run = try SessionRun("1", ScriptedClient(["1": [asks]])) { $0.answers = rules }
        run.start()
        #expect(run.replies.count == 500)
        #expect(looks.spent <= .milliseconds(60))
        let before = looks.spent
        run.wait(.seconds(1))
        for _ in 0..<500 { run.act(ask) }
        #expect(looks.spent > before, "time that has passed is there again")
        #expect(looks.spent - before <= .milliseconds(60))
    }

    @Test("A prompt of more fields than anybody is asked is refused")
    func fieldsWithoutNumber() throws {
        let field = PSValue.properties([("name", .string("f")), ("parameterTypeFullName", .string("System.String"))])
        let fields = PSValue.list(Array(repeating: field, count: 100_000))
        let ask = ScriptedClient.Act.ask(.prompt, [.string("c"), .string("m"), fields])
        let rule = try rule(".", "x")
        var run = try SessionRun("1", ScriptedClient(["1": [[ask, .end(.completed)]]])) { $0.answers = [rule] }
        run.start()
        guard case .refused(_, "PromptTooLarge")? = run.replies.first else {
            Issue.record("\(run.replies)")
            return
        }
    }
}
