#include "coord/federation/withdrawal.hpp"

#include "coord/signed/canonical_json.hpp"
#include "coord/signed/json_value.hpp"
#include "coord/signed/object.hpp"
#include "coord/stix/uuid.hpp"

namespace cresset::coord::federation {
namespace {

using signed_::json_value;

constexpr std::size_t id_limit = 256;

/// Of our own making, so that these ids meet no others of version 5.
stix::uuid withdrawal_namespace() {
  return *stix::uuid::parse("9c1d5b6e-2a47-4f0b-8e13-64c0f7a92d58");
}

} // namespace

bool is_withdrawal_reason(std::string_view word) noexcept {
  return word == "undone" || word == "error";
}

withdrawal withdrawal_of(std::string_view own_id, std::string_view object_id,
                         std::string_view object_version, std::string_view reason,
                         std::int64_t number, timestamp at) {
  const auto name =
      std::string{own_id} + " " + std::string{object_id} + " " + std::to_string(number);
  return {"withdrawal--" + stix::uuid::from_name(withdrawal_namespace(), name).to_string(),
          std::string{object_id}, std::string{object_version}, std::string{reason},
          to_rfc3339_ms(at)};
}

std::string write_withdrawal(const withdrawal& made) {
  const auto bytes = signed_::write_canonical(json_value::object{
      {"type", "withdrawal"},
      {"id", made.id},
      {"about", json_value::object{{"id", made.about_id}, {"version", made.about_version}}},
      {"reason", made.reason},
      {"at", made.at}});
  return *bytes;
}

std::optional<withdrawal> read_withdrawal(std::string_view body) {
  const auto read = signed_::read_canonical(body);
  if (!read || read->text_of("type") != "withdrawal")
    return std::nullopt;
  const auto* about = read->find("about");
  const auto id = read->text_of("id");
  const auto reason = read->text_of("reason");
  if (about == nullptr || !id || !reason || !is_withdrawal_reason(*reason))
    return std::nullopt;
  const auto about_id = about->text_of("id");
  const auto about_version = about->text_of("version");
  if (!about_id || !about_version || !signed_::is_plain(*about_id, id_limit) ||
      !signed_::is_plain(*about_version, id_limit))
    return std::nullopt;
  return withdrawal{std::string{*id}, std::string{*about_id}, std::string{*about_version},
                    std::string{*reason}, std::string{read->text_of("at").value_or("")}};
}

} // namespace cresset::coord::federation
