#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::sensor {

/// A setting or file that the program cannot start with; the text names the thing and the remedy.
struct configuration_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The configuration as written: a YAML file under `--set key=value` from the command line. Values
/// are asked for by their dotted path ("stream.reassembly.depth") and checked when asked. Every key
/// asked for is remembered, so that those nobody asks for can be named to the operator.
class settings {
public:
  settings() = default;
  /// Reads a file of at most 1 MiB. Throws configuration_error with file, line and column.
  static settings from_file(const std::filesystem::path& file);

  /// Takes "key=value" (the value is one YAML value). Throws configuration_error for text of
  /// another form.
  void set(std::string_view assignment);

  bool has(std::string_view key) const { return !find(key).IsNull(); }
  std::string text(std::string_view key, std::string_view otherwise) const;
  /// yes/no, true/false, on/off, 1/0.
  bool flag(std::string_view key, bool otherwise) const;
  std::uint64_t number(std::string_view key, std::uint64_t otherwise, std::uint64_t least = 0,
                       std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  /// Bytes with an optional unit: "512", "40kb", "1mb", "2 GiB" (powers of 1024, as the field has
  /// it).
  std::uint64_t size_bytes(std::string_view key, std::uint64_t otherwise) const;
  /// One of `allowed`; the error lists them.
  std::string one_of(std::string_view key, std::string_view otherwise,
                     const std::vector<std::string_view>& allowed) const;
  /// A list, or one value standing for a list of one.
  std::vector<std::string> list(std::string_view key) const;
  /// The members of a map, as text: `vars.address-groups`.
  std::map<std::string, std::string> members(std::string_view key) const;
  /// Which kinds of event are written, from `outputs: [- eve-log: {types: […]}]`; nothing when it
  /// is not said.
  std::optional<std::set<std::string>> event_types() const;

  /// The settings of one output ("file-store"): written as a map of that name, or in the list
  /// `outputs` as the field has it. Empty when there is none.
  settings output(std::string_view name) const;
  /// The settings of one kind of event in the event log's `types` ("files"); empty when there are
  /// none.
  settings log_type(std::string_view name) const;

  /// Keys of the file or of `--set` that nobody has asked for.
  std::vector<std::string> unused() const;

private:
  YAML::Node find(std::string_view key) const;

  YAML::Node root_{YAML::NodeType::Map};
  mutable std::set<std::string, std::less<>> asked_;
};

} // namespace cresset::detect::sensor
