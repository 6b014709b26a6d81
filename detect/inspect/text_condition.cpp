#include "detect/inspect/text_condition.hpp"

#include "detect/inspect/subject.hpp"

#include <algorithm>

namespace cresset::detect::inspect {
namespace {

using namespace rule::options;

constexpr std::pair<std::string_view, std::string_view> buffers[] = {
    {"tls.subject", "tls.cert_subject"},         {"tls.issuerdn", "tls.cert_issuer"},
    {"tls.fingerprint", "tls.cert_fingerprint"}, {"ssh.softwareversion", "ssh.software"},
    {"ssh.protoversion", "ssh.proto"},
};

bool is_of_days(const presence& there) noexcept {
  return there.field == "tls_cert_valid" || there.field == "tls_cert_expired";
}

/// A certificate's two dates, as the places name them: the first of a direction begins, the second
/// ends.
bool judge_days(const presence& there, const ready_condition& c, const proto::transaction& tx,
                proto::app_protocol protocol, const subject& on) noexcept {
  std::optional<std::uint64_t> begins, ends;
  for (const auto& p : c.places)
    if (p.protocol == protocol && p.way == on.way && tx.field_instances(p.id) != 0) {
      (begins ? ends : begins) = tx.field(p.id, 0);
    }
  if (!begins || !ends)
    return false;
  const auto now = static_cast<std::uint64_t>(
      std::chrono::floor<std::chrono::seconds>(on.at.time_since_epoch()).count());
  const bool expired = *ends < now;
  const bool holds = there.field == "tls_cert_expired" ? expired : !expired && *begins <= now;
  return holds != there.negated;
}

bool judge_text(const rule::condition& test, std::string_view text) noexcept {
  if (const auto* word = std::get_if<word_match>(&test)) {
    const bool same = word->value == "2_compat" ? text == "2.0" || text == "2" || text == "1.99"
                      : word->value == "2"      ? text == "2" || text == "2.0"
                                                : text == word->value;
    return same != word->negated;
  }
  const auto& wanted = std::get<text_match>(test);
  const bool found = wanted.field == "tls.fingerprint"
                         ? text == wanted.pattern
                         : text.find(wanted.pattern) != std::string_view::npos;
  return found != wanted.negated;
}

} // namespace

std::optional<std::vector<table_place>> text_places(const rule::condition& from,
                                                    const protocol_set& protocols) {
  std::vector<table_place> places;
  if (const auto* there = std::get_if<presence>(&from); there != nullptr && is_of_days(*there)) {
    const auto begins = field_places("tls.cert_notbefore", protocols);
    const auto ends = field_places("tls.cert_notafter", protocols);
    places = begins;
    places.insert(places.end(), ends.begin(), ends.end());
  }
  std::string_view field;
  if (const auto* text = std::get_if<text_match>(&from))
    field = text->field;
  if (const auto* word = std::get_if<word_match>(&from))
    field = word->field;
  for (const auto& [keyword, buffer] : buffers)
    if (keyword == field)
      places = buffer_places(buffer, protocols, std::nullopt);
  return places.empty() ? std::nullopt : std::optional{std::move(places)};
}

bool text_holds(const ready_condition& c, const proto::transaction& tx,
                proto::app_protocol protocol, const subject& on) noexcept {
  if (const auto* there = std::get_if<presence>(c.source))
    return judge_days(*there, c, tx, protocol, on);
  for (const auto& p : c.places)
    if (p.protocol == protocol && p.way == on.way)
      if (const auto bytes = tx.buffer(p.id, 0); bytes)
        return judge_text(*c.source, as_text(*bytes));
  return false;
}

} // namespace cresset::detect::inspect
