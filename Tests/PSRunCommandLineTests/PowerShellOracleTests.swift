import PSRunCommandLine
import Testing

/// The table of options against what PowerShell 7.6.5 says of Enter-PSSession.
struct PowerShellOracleTests {
    let parameters = VerbDefinition.of(.run).options.filter { option in
        option.parameter.map { !PowerShellDeviation.ownParameters.contains($0) } ?? false
    }

    // MARK: The metadata

    struct SetMetadata: Decodable {
        struct Parameter: Decodable {
            var name: String
            var aliases: [String]
            var type: String
            var mandatory: Bool
        }

        var set: String
        var `default`: Bool
        var parameters: [Parameter]
    }

    @Test("Every parameter of every set has PowerShell's name, aliases, type and whether it is mandatory")
    func metadata() throws {
        let sets = try Fixture.json("enter-pssession.parameters.json", as: [SetMetadata].self)
        #expect(Set(sets.map(\.set)) == Set(ParameterSet.allCases.map(\.rawValue)))
        #expect(sets.filter(\.default).map(\.set) == [ParameterSet.default.rawValue])
        for theirs in sets {
            let set = try #require(ParameterSet(rawValue: theirs.set))
            let ours = parameters.filter { $0.sets.contains(set) || $0.isCommonParameter }
            #expect(Set(ours.map(\.name)) == Set(theirs.parameters.map(\.name)), "\(set)")
            #expect(Set(set.mandatory) == Set(theirs.parameters.filter(\.mandatory).map(\.name)), "\(set)")
            for parameter in theirs.parameters {
                let row = try #require(ours.first { $0.parameter == parameter.name })
                #expect(row.aliases == parameter.aliases, "\(parameter.name)")
                #expect(row.value.powerShellType == parameter.type, "\(parameter.name)")
            }
        }
    }

    // MARK: Prefixes

    struct PrefixLine: Decodable {
        struct Result: Decodable {
            var parameter: String?
            var error: String?
        }

        var given: String
        var result: Result
    }

    @Test("Every prefix of every name and alias means what it means to PowerShell")
    func prefixes() throws {
        let lines = try Fixture.lines("parameter-prefixes.jsonl", as: PrefixLine.self)
        #expect(lines.count == 417)
        let lookup = OptionLookup(parameters)
        var shortPrefixes = 0
        for line in lines {
            for given in [line.given, line.given.lowercased(), line.given.uppercased()] {
                // PowerShell leaves one dash out of a name, so that `--HostName` is `-HostName`; the binder does.
                let match = lookup.parameter(given.hasPrefix("-") ? String(given.dropFirst()) : given)
                if line.given.count < PowerShellDeviation.shortestPrefix {
                    // PowerShellDeviation.oneLetterIsUnix: a prefix of one letter, or none, is never a parameter.
                    shortPrefixes += 1
                    #expect(match == Found.none, "\(given)")
                } else {
                    #expect(match == expectedMatch(line.result), "\(given)")
                }
            }
        }
        #expect(shortPrefixes == 17 * 3)
    }

    private func expectedMatch(_ result: PrefixLine.Result) -> Found {
        if let parameter = result.parameter { return .one(parameter) }
        guard let list = result.error?.split(separator: "Possible matches include: ").dropFirst().first else {
            return .none
        }
        return .several(Set(list.split { " .".contains($0) }.map { String($0.dropFirst()) }))
    }

    // MARK: Sets

    struct SetLine: Decodable {
        struct Result: Decodable {
            var set: String?
            var error: String?
            var message: String?
        }

        var given: [String]
        var result: Result
    }

    /// Where psrun resolves otherwise, all of it.
    static let setDeviations: [[String]: (ParameterSetResolution, PowerShellDeviation)] = [
        ["ConnectingTimeout"]: (.local, .connectingTimeoutIsLocalToo)
    ]

    @Test("Every pair of parameters, and the triples, bind as in PowerShell")
    func sets() throws {
        let lines = try Fixture.lines("parameter-sets.jsonl", as: SetLine.self)
        #expect(lines.count == 453)
        for line in lines {
            let given = try line.given.map { name in
                (name, try #require(parameters.first { $0.parameter == name }).sets)
            }
            let resolution = ParameterSetResolution.resolve(given)
            if let (expected, deviation) = Self.setDeviations[line.given] {
                #expect(resolution == expected, "\(deviation.sentence)")
                #expect(line.result.set == nil, "\(line.given) is not a deviation")
                continue
            }
            switch resolution {
            case .set(let set):
                #expect(line.result.set == set.rawValue, "\(line.given)")
            case .conflict(let first, let second):
                #expect(line.result.error == "AmbiguousParameterSet", "\(line.given)")
                #expect(line.given.contains(first) && line.given.contains(second))
            case .missing(let missing, _, _):
                #expect(line.result.error == "MissingMandatoryParameter", "\(line.given)")
                #expect(line.result.message?.hasSuffix(": \(missing.joined(separator: " ")).") == true, "\(line.given)")
            case .local:
                Issue.record("\(line.given) is a session on this computer")
            }
        }
        #expect(Set(Self.setDeviations.keys).isSubset(of: lines.map(\.given)), "a deviation is not in the fixture")
    }

    @Test("No parameter at all is a session on this computer")
    func nothing() {
        #expect(ParameterSetResolution.resolve([]) == .local)
    }
}

/// A match without its row.
enum Found: Equatable {
    case one(String)
    case several(Set<String>)
    case none

    static func == (match: OptionLookup.Match, expected: Found) -> Bool {
        switch match {
        case .option(let option): expected == .one(option.name)
        case .ambiguous(let names): expected == .several(Set(names))
        case .none: expected == .none
        }
    }
}
