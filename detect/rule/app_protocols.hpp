#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cresset::detect::rule {

/// The application protocols a flow may speak for a rule, narrowed by its header and then by each
/// of its buffers and fields. Names are those of event logs: "http" is HTTP/1, "http2" HTTP/2.
class app_protocols {
public:
  /// Only flows of one of these go on. `words` are names as rules mean them, blanks between: "http"
  /// is either version, "dns" includes DNS over HTTPS, "dcerpc" includes SMB. Empty words ask for
  /// nothing. False when none is left.
  bool narrow(std::string_view words);

  /// Sorted; empty when nothing was asked for.
  const std::vector<std::string>& names() const noexcept { return names_; }

private:
  std::vector<std::string> names_;
  bool asked_ = false;
};

} // namespace cresset::detect::rule
