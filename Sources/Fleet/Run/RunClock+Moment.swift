package import Connections
package import Sessions

extension RunClock {
    /// The run's clocks as a session takes them.
    package var now: RunMoment {
        let reading = reading
        return RunMoment(elapsed: reading.elapsed, counted: reading.counted)
    }
}
