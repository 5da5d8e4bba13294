import Playbooks
import Testing

@Suite("Blocks of a POSIX shell")
struct ShellTrialTests {
    /// What is asked of a shell that takes each text at once.
    private func texts(_ text: String) throws -> [String] {
        var cursor = PlaybookCursor(try Playbook(bytes: Array(text.utf8)))
        cursor.language = .posixShell
        var texts: [String] = []
        while let block = cursor.next() { texts.append(block.text) }
        return texts
    }

    @Test(
        "A text reaches to the end of its here-documents",
        arguments: [
            "cat <<EOF\n\n# c\nEOF", "cat <<-'E F' && cat << \\X >y\n\ta\n\tE F\nb\nX", "cat <<A | sort\n2\nA",
            "cat <<\"A\" \\\n  -n\nA", "x=$((1<<2)); cat <<E\nx\nE",
            "cat <<A |\nb\nA\n# c\n  sort", "echo \"it's\" <<'A'\n'\nA", "echo $'it\\'s' <<A\n\"\nA",
            "f() { cat <<A; }\nA",
        ]
    )
    func hereDocuments(text: String) throws {
        #expect(try texts(text + "\necho next\n") == [text, "echo next"])
    }

    @Test(
        "What is not a here-document, or has no end in the file, holds nothing back",
        arguments: [
            "cat <<EOF", "x=$((1 <<2))", "(( x <<= 2 ))", "cat <<<EOF", "echo '<<EOF'", "echo \"<<EOF\"",
            "echo # <<EOF",
            "echo \\<<\\<EOF", "echo a#b", "echo ${#x} $#", "cat <<",
        ]
    )
    func otherSigns(text: String) throws {
        #expect(try texts(text + "\n2\n2 \necho next\n") == [text, "2", "2 ", "echo next"])
    }

    @Test(
        "No text ends in a backslash or an operator, nor at a blank or comment line, unless the file does",
        arguments: ["a \\\n b", "a |\n# c\n\nb", "a && # c\nb", "a || \n  b", "# c\n\na", "a \\\n\n"]
    )
    func lineEnds(text: String) throws {
        #expect(try texts(text) == [text.hasSuffix("\n\n") ? String(text.dropLast()) : text])
    }

    @Test(
        "A line whose last sign is quoted, escaped or in a comment is whole",
        arguments: ["'|'", "\\|", "a # |", "a &", "\\\\"]
    )
    func wholeLines(text: String) throws {
        #expect(try texts(text + "\nb") == [text, "b"])
    }

    @Test("A line that begins with an operator goes with what precedes it, as it could only fail by itself")
    func operatorsAtTheBeginning() throws {
        #expect(try texts("a\n\n# c\n| b\nc\n && d\ne") == ["a\n\n# c\n| b", "c\n && d", "e"])
    }

    @Test("A shell is asked within quotes, and what opens behind them is seen")
    func quotes() throws {
        let text = "x='\n'; y=\"$(echo \"'\" | sed \"s/'//\")\"; cat <<A\n'\nA"
        var cursor = PlaybookCursor(try Playbook(bytes: Array((text + "\nb\n").utf8)))
        cursor.language = .posixShell
        #expect(cursor.next()?.text == "x='")
        guard case .longer(let block) = cursor.extend() else {
            Issue.record("there is more")
            return
        }
        #expect(block.text == text)
        #expect(cursor.next()?.text == "b")
    }

    @Test("Comments behind the last block are not sent")
    func lastComments() throws {
        #expect(try texts("#!/bin/sh\n\na\n# b\n\n") == ["#!/bin/sh\n\na"])
    }
}
