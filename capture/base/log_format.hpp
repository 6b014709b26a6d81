#pragma once

namespace cresset {

/// How `log_line` writes: "2026-11-21T22:07:38.123Z warning uplink: text", or one JSON object a
/// line: {"at":"…","level":"warning","room":"uplink","text":"…"}.
enum class log_format { text, json };

/// For `main`, before it starts threads. A process has one standard error, so this is the one thing
/// of its kind that belongs to the process.
void set_log_format(log_format format) noexcept;

} // namespace cresset
