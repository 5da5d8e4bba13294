import CLIXML
import PSRP
import Testing

@testable import Sessions

@Suite("What a console shows")
struct HostCallTextTests {
    private func text(_ method: HostMethod, _ parameters: PSValue...) -> String? {
        HostCallText.text(
            of: HostCall(callID: HostCall.voidCallID, method: method, parameters: parameters, pipeline: nil)
        )
    }

    @Test("Writing calls, as the screens of a real client show them")
    func writing() {
        #expect(text(.write1, .string("a")) == "a")
        #expect(text(.writeLine1) == "\n")
        #expect(text(.writeLine2, .string("a")) == "a\n")
        #expect(text(.writeErrorLine, .string("RuntimeException: x")) == "RuntimeException: x\n")
        #expect(text(.writeWarningLine, .string("w")) == "\u{1B}[33;1mWARNING: w\u{1B}[0m\n")
        #expect(text(.writeVerboseLine, .string("v")) == "\u{1B}[33;1mVERBOSE: v\u{1B}[0m\n")
        #expect(text(.writeDebugLine, .string("d")) == "\u{1B}[33;1mDEBUG: d\u{1B}[0m\n")
        #expect(text(.writeProgress, .int64(0), .null) == nil)
        #expect(text(.setWindowTitle, .string("t")) == nil)
    }

    @Test("Colours: ConsoleColor as SGR, -1 for none")
    func colors() {
        #expect(text(.write2, .int32(12), .int32(-1), .string("red")) == "\u{1B}[91mred\u{1B}[0m")
        #expect(text(.writeLine3, .int32(7), .int32(0), .string("h2")) == "\u{1B}[37;40mh2\u{1B}[0m\n")
        #expect(text(.writeLine3, .int32(-1), .int32(-1), .string("plain")) == "plain\n")
    }

    @Test("Values that no Out-Default has rendered")
    func values() {
        #expect(ValueText.text(of: .double(1.5)) == "1.5")
        #expect(ValueText.text(of: .double(2)) == "2")
        #expect(ValueText.text(of: .bool(true)) == "True")
        #expect(ValueText.text(of: .decimal(PSDecimal(isNegative: true, magnitude: 5, scale: 3))) == "-0.005")
        #expect(ValueText.text(of: .object(PSObject(toString: "text"))) == "text")
        #expect(ValueText.text(of: .list([.int32(1), .string("a")])) == "1 a")
        #expect(ValueText.text(of: .secureString([65, 0])) == "System.Security.SecureString")
        let ticks: Int64 = 639_310_020_850_000_000
        #expect(ValueText.text(of: .dateTime(PSDateTime(ticks: ticks, zone: .utc))) == "2026-11-23T03:41:25Z")
        #expect(ValueText.text(of: .timeSpan(PSTimeSpan(ticks: 900_000_000))) == "PT1M30S")
    }
}
