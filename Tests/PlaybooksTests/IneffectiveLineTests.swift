import Playbooks
import Testing

@Suite("Lines without effect")
struct IneffectiveLineTests {
    private func found(_ text: String) throws -> [IneffectiveLines] {
        IneffectiveLines.found(in: try Playbook(bytes: Array(text.utf8)))
    }

    @Test("Each kind is named once, with its lines")
    func kinds() throws {
        let text = """
            #requires -Version 7
            #Requires -Modules X
            Trap { 'caught' }
            trap [Exception] { }
            . "$psScriptRoot/lib.ps1"
            if ($x) { 1 }
            return
            break outer
            return 1; 2
            CONTINUE
            $PSCommandPath
            """
        let found = try found(text)
        #expect(found.map(\.kind) == [.requires, .trap, .leaving, .scriptPath])
        #expect(found.map(\.numbers) == [[1, 2], [3, 4], [7, 8, 9, 10], [5, 11]])
        #expect(found[0].message == "lines 1, 2: #Requires is a comment in a session; nothing checks it.")
        #expect(found[2].message.hasPrefix("lines 7, 8, 9 and 1 more: return, break and continue "))
        #expect(try self.found("1\ntrap {}").map(\.message).first?.hasPrefix("line 2: a trap ") == true)
    }

    @Test(
        "What is in a block, a comment, a here-string or another word raises no alarm",
        arguments: [
            "function f {\nreturn 1\n}\n", "foreach ($i in 1) { # {\nbreak\n}\n", "f(\n$PSScriptRoot\n)", " return",
            "returns 1",
            "<#\nreturn\n#Requires -Version 7\n#>\n1", "@'\nreturn\ntrap { }\n'@", "$x = @\"\n$PSScriptRoot\n\"@ + 1",
            "# requires -Version 7", "#RequiresX", "'$PSScriptRoot'", "\"`$PSScriptRoot\"", "1 # $PSScriptRoot",
            "trapped {",
            "$PSScriptRoot = Split-Path $MyInvocation.MyCommand.Path\n. $PSScriptRoot/a.ps1", "return-it", "'{'\n1",
        ]
    )
    func falseAlarms(text: String) throws {
        #expect(try found(text).isEmpty)
    }

    @Test("Behind a block, a comment or a here-string the script goes on")
    func behind() throws {
        for before in ["f {\n1\n}", "<# a\nb #>", "@'\n{\n'@", "'{ (' # {", "\"{\"; f { <# } #> }"] {
            #expect(try found(before + "\nreturn").map(\.kind) == [.leaving], "\(before)")
        }
    }

    @Test(
        "The program that a first line names is told where it is neither sh nor PowerShell",
        arguments: [
            ("#!/bin/bash\narr=(1 2)", "bash"), ("#! /usr/bin/env -S zsh -f\n", "zsh"), ("#!/bin/sh\n", nil),
            ("#!/usr/bin/env pwsh\n", nil), ("# !/bin/bash\n", nil), ("echo\n#!/bin/bash\n", nil), ("#!\n", nil),
        ] as [(String, String?)]
    )
    func interpreter(_ text: String, _ expected: String?) throws {
        #expect(try Playbook(bytes: Array(text.utf8)).otherInterpreter == expected)
    }
}
