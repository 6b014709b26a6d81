#pragma once

#include "capture/base/expected.hpp"
#include "coord/journal/checkpoint.hpp"

#include <filesystem>
#include <istream>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cresset::appliance::cli {

/// A checkpoint as it was published: "TIME SEQUENCE HASH", or "SEQUENCE HASH".
struct published_checkpoint {
  std::string time; ///< empty when the line has none
  coord::journal::checkpoint at;
};

/// What holding an exported journal against the published checkpoints brings out.
struct audit_verdict {
  std::int64_t entries = 0;
  std::vector<coord::journal::finding> findings;
  std::size_t unread_lines = 0;             ///< lines of the export that are no entries
  std::vector<published_checkpoint> held;   ///< the journal runs through them, oldest first
  std::vector<published_checkpoint> broken; ///< it does not, or ends before them
  bool is_sound() const noexcept { return findings.empty() && broken.empty() && unread_lines == 0; }
};

/// Reads the lines of a checkpoints file; one line why not for a line that is none.
expected<std::vector<published_checkpoint>, std::string> read_checkpoints(std::istream& in);

/// Goes over an export (coord/journal/export_line) once, line by line.
class auditor {
public:
  explicit auditor(std::vector<published_checkpoint> known);
  void read(std::string_view line);
  audit_verdict finish();

private:
  std::vector<published_checkpoint> known_; // by sequence
  std::size_t next_ = 0;
  coord::journal::verifier chain_;
  audit_verdict verdict_;
};

/// The verdict in sentences: which checkpoint is the last that holds, and where the journal was
/// changed.
std::string in_words(const audit_verdict& verdict);

/// Adds `cresset audit`. `exit_code`: 0 sound, 3 changed, 1 could not be read.
void add_audit(CLI::App& app, int& exit_code);

} // namespace cresset::appliance::cli
