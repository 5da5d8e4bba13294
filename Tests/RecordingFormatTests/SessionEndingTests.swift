import RecordingFormat
import Testing

@Suite("How a session's end is told")
struct SessionEndingTests {
    private func record(_ json: String) throws -> TargetRecord { try #require(TargetRecord(parsing: json.utf8)) }

    @Test(
        "Well is what lasted, had good steps and asked for no exit code but 0",
        arguments: [
            (#"{"outcome":"ok"}"#, true, "ok"), (#"{"outcome":"ok","exit_code":0}"#, true, "ok"),
            (#"{"outcome":"ok","lines_not_sent":2}"#, true, "ok, 2 lines not sent"),
            // As psrun 0.1.0 recorded it.
            (#"{"outcome":"ok","exit_code":3}"#, false, "error, exit 3"),
            (
                #"{"outcome":"error","exit_code":1,"lines_not_sent":1}"#, false, "error, exit 1, 1 line not sent"
            ), (#"{"outcome":"unreachable","lines_not_sent":33}"#, false, "unreachable, 33 lines not sent"),
            (#"{"outcome":"ok","well":false}"#, false, "error"), (#"{"outcome":"error","well":true}"#, false, "error"),
            (#"{"outcome":"ok","truncated":true}"#, false, "error (truncated)"),
            (#"{"exit_code":0}"#, false, "unknown"),
            (#"{"outcome":"sideways"}"#, false, "sideways"),
        ]
    )
    func judged(json: String, isWell: Bool, ending: String) throws {
        let target = try record(json)
        #expect(target.isWell == isWell)
        #expect(target.ending() == ending)
        #expect((target.judgedOutcome == .ok) == isWell)
    }

    @Test("A program is told whether a target is well wherever that is known, and no forged word for it is believed")
    func toldWell() throws {
        for (json, well) in [
            (#"{"outcome":"ok"}"#, .bool(true)), (#"{"outcome":"ok","exit_code":3}"#, .bool(false)),
            (#"{"outcome":"error","lines_not_sent":0}"#, .bool(false)),
            (#"{"outcome":"failed","well":true}"#, .bool(false)), (#"{"outcome":"failed"}"#, nil),
        ] as [(String, JSONValue?)] {
            #expect(try record(json).told(as: "web01", steps: []).json[.well] == well, "\(json)")
        }
    }

    @Test("The last words give the reason and what was not sent, and none where all is well")
    func lastWords() throws {
        let unreached = try record(
            #"{"outcome":"unreachable","lines_not_sent":33,"error":{"code":"c","message":"no way\npsrun: all is well"}}"#
        )
        #expect(unreached.lastWords() == ["no way\npsrun: all is well", "33 lines were not sent"])
        #expect(
            unreached.consoleText() == "psrun: no way\n  psrun: all is well\npsrun: 33 lines were not sent\n"
        )
        let old = try record(#"{"outcome":"ok","exit_code":3}"#)
        #expect(old.lastWords(counted: 1) == ["the session ended with exit code 3", "1 line was not sent"])
        #expect(try record(#"{"outcome":"ok","lines_not_sent":4}"#).lastWords().isEmpty)
        #expect(try record(#"{"outcome":"error","lines_not_sent":0}"#).consoleText(counted: 9).isEmpty)
    }

    @Test("Lines that were not sent are counted, and words that a console shows already are not told again")
    func followed() throws {
        let target = try record(#"{"outcome":"unreachable","error":{"code":"c","message":"why"}}"#)
        let unsent = #"{"first_line":2,"last_line":4,"text":"x","outcome":"not_sent"}"#
        var ending = SessionEnding()
        ending.take(RecordedEvent(time: 0, code: .step, data: unsent))
        ending.take(RecordedEvent(time: 0, code: .step, data: #"{"first_line":9,"last_line":9,"outcome":"ok"}"#))
        ending.take(RecordedEvent(time: 0, code: .step, data: "broken"))
        #expect(ending.consoleText(of: target) == "psrun: why\npsrun: 3 lines were not sent\n")
        var told = ending
        told.take(RecordedEvent(time: 0, code: .output, data: "psrun: why\r\n"))
        #expect(told.isTold && told.consoleText(of: target).isEmpty && told.lastWords(of: target).isEmpty)
        ending.note(.marker)
        ending.note(.output)
        #expect(!ending.isTold)
        let hostile = #"{"first_line":-9223372036854775808,"last_line":9223372036854775807,"outcome":"not_sent"}"#
        for _ in 0..<3 { ending.take(RecordedEvent(time: 0, code: .step, data: hostile)) }
        let huge = #"{"first_line":0,"last_line":9223372036854775807,"outcome":"not_sent"}"#
        for _ in 0..<3 { ending.take(RecordedEvent(time: 0, code: .step, data: huge)) }
        #expect(ending.linesNotSent == Int(Int32.max))
    }

    @Test("A step says that it asked for an exit code")
    func stepsExitCode() {
        let step = StepRecord(
            firstLine: 3,
            lastLine: 3,
            text: "exit 3",
            outcome: .error,
            succeeded: nil,
            wasAlreadyFalse: true,
            lastExitCode: nil,
            exitCode: 3,
            startedMicroseconds: nil,
            durationMicroseconds: nil
        )
        #expect(step.exitCode == 3 && step.remark == "asked for exit code 3, $? was already False")
        #expect(StepRecord().exitCode == nil && StepRecord().remark == nil)
    }
}
