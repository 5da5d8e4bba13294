import Foundation
import PSRunCommandLine
import Testing

/// Rules of the house that no compiler and no formatter checks.
struct HouseRuleTests {
    @Test("No file is longer than 400 lines")
    func filesAreShort() throws {
        for file in try SourceTree.swiftFiles(under: "Sources") + SourceTree.swiftFiles(under: "Tests") {
            #expect(file.lines.count <= 401, "\(file.path): \(file.lines.count) lines")
        }
    }

    @Test("File names are unique within a module, and no module has a type of its own name")
    func namesAreClear() throws {
        var seen: Set<String> = []
        for file in try SourceTree.swiftFiles(under: "Sources") {
            let name = file.module + "/" + (file.path.split(separator: "/").last.map(String.init) ?? "")
            #expect(seen.insert(name).inserted, "\(name) stands twice")
            for kind in ["struct", "class", "enum", "actor", "protocol"] {
                #expect(!file.text.contains("\(kind) \(file.module) "), "\(file.path): a \(kind) of its module's name")
            }
        }
    }

    @Test("No unchecked shortcut: forced unwraps, try!, as!, skipped tests, XCTest, leftovers")
    func noShortcuts() throws {
        let shortcuts = ["try" + "! ", "as" + "! ", "XC" + "TestCase", ".disab" + "led(", "TO" + "DO", "FIX" + "ME"]
        for file in try SourceTree.swiftFiles(under: "Sources") + SourceTree.swiftFiles(under: "Tests") {
            for shortcut in shortcuts {
                #expect(!file.text.contains(shortcut), "\(file.path): \(shortcut)")
            }
        }
    }

    @Test("Every test is named by a sentence")
    func testsAreNamedBySentences() throws {
        // Names that are written in lower case, and may begin a sentence.
        let names = Set(Verb.allCases.map(\.rawValue)).union([
            "psrun", "psrpcore", "pypsrp", "asciinema", "ssh", "accept", "bash", "exit", "else", "stdout", "lintian",
        ])
        for file in try SourceTree.swiftFiles(under: "Tests") {
            for test in file.text.matches(of: /(?m)^ *@Test(?:\(\s*"([^"]*))?/) {
                let sentence = test.output.1 ?? ""
                let first = sentence.prefix { $0.isLetter }
                let begins = first.isEmpty || sentence.first?.isUppercase == true || names.contains(String(first))
                #expect(
                    sentence.contains(" ") && !sentence.hasSuffix(".") && begins,
                    "\(file.path): '\(sentence)' does not name a test by a sentence"
                )
            }
        }
    }

    @Test("The README tells every exit code as the command line's own table does")
    func readmeTellsTheExitCodes() throws {
        let readme = try SourceTree.text(of: "README.md")
        for code in ExitCode.descriptions {
            #expect(readme.contains("| \(code.number) | \(code.meaning) |"), "\(code.number)")
        }
    }

    @Test("The version is told once: the changelog's newest is the program's")
    func changelogTellsTheVersion() throws {
        let changelog = try SourceTree.text(of: "CHANGELOG.md")
        let version = try SourceTree.text(of: "Sources/PSRunVersion/Version.swift")
        let newest = try #require(changelog.firstMatch(of: /## (\d+\.\d+\.\d+)/)).output.1
        #expect(version.contains("\"\(newest)\""))
    }
}
