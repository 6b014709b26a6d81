#include "detect/inspect/industry_match.hpp"

#include <algorithm>

namespace cresset::detect::inspect::industry_match {
namespace {

using rule::options::cip_service;
using rule::options::dnp3_object;
using rule::options::modbus;
using rule::text::comparison;

/// The fields of Modbus in the order in which places_of() lists them.
enum modbus_field : std::size_t {
  unit,
  function,
  subfunction,
  category,
  access,
  read_address,
  read_quantity,
  write_address,
  write_quantity,
  value,
};
constexpr std::string_view modbus_fields[] = {
    "modbus.unit",           "modbus.function",     "modbus.subfunction",   "modbus.category",
    "modbus.access",         "modbus.read_address", "modbus.read_quantity", "modbus.write_address",
    "modbus.write_quantity", "modbus.value"};

// Bits of "modbus.category" and "modbus.access", as the protocol's room gives them out.
constexpr std::uint64_t assigned = 0x01, unassigned = 0x02, user = 0x04, reserved = 0x08;
constexpr std::uint64_t reads = 0x01, writes = 0x02, discretes = 0x04, coils = 0x08, input = 0x10,
                        holding = 0x20;

std::uint64_t category_bits(std::string_view name) noexcept {
  if (name == "assigned")
    return assigned;
  if (name == "unassigned")
    return unassigned;
  if (name == "public")
    return assigned | unassigned;
  if (name == "user")
    return user;
  if (name == "reserved")
    return reserved;
  return assigned | unassigned | user | reserved;
}

std::uint64_t table_bits(modbus::data of) noexcept {
  switch (of) {
  case modbus::data::discretes: return discretes;
  case modbus::data::coils: return coils;
  case modbus::data::input: return input;
  case modbus::data::holding: return holding;
  case modbus::data::any: return 0;
  }
  return 0;
}

class modbus_judge {
public:
  modbus_judge(const modbus& wanted, const ready_condition& c,
               const proto::transaction& tx) noexcept
      : wanted_{wanted}, places_{c.places}, tx_{tx} {}

  bool holds() const noexcept {
    if (places_.size() != std::size(modbus_fields) || !number(unit))
      return false;
    return (!wanted_.unit || (*wanted_.unit)(*number(unit))) && function_fits() && access_fits();
  }

private:
  std::optional<std::uint64_t> number(modbus_field which, std::size_t instance = 0) const noexcept {
    return tx_.field(places_[which].id, instance);
  }

  bool function_fits() const noexcept {
    if (wanted_.function && number(function) != *wanted_.function)
      return false;
    if (wanted_.subfunction && number(subfunction) != *wanted_.subfunction)
      return false;
    if (wanted_.category.empty())
      return true;
    const auto known = number(category).value_or(0);
    return ((known & category_bits(wanted_.category)) != 0) != wanted_.category_negated;
  }

  bool access_fits() const noexcept {
    if (wanted_.how == modbus::access::none)
      return true;
    const bool is_write = wanted_.how == modbus::access::write;
    const auto bits = number(access).value_or(0);
    if ((bits & (is_write ? writes : reads)) == 0)
      return false;
    const auto table = table_bits(wanted_.of);
    return (table == 0 || (bits & table) != 0) && cells_fit(is_write);
  }

  /// Some cell that is read or written has a wanted address and, for writes, a wanted value.
  bool cells_fit(bool is_write) const noexcept {
    if (!wanted_.address)
      return true;
    const auto first = number(is_write ? write_address : read_address);
    const auto count = number(is_write ? write_quantity : read_quantity);
    if (!first || !count)
      return false;
    for (std::uint64_t i = 0; i < *count; ++i) {
      if (!(*wanted_.address)(*first + i))
        continue;
      if (!wanted_.value)
        return true;
      const auto written = number(value, i);
      if (written && (*wanted_.value)(*written))
        return true;
    }
    return false;
  }

  const modbus& wanted_;
  const std::vector<table_place>& places_;
  const proto::transaction& tx_;
};

bool has_value(const ready_condition& c, const proto::transaction& tx, proto::direction way,
               const auto& test) noexcept {
  for (const auto& place : c.places) {
    if (place.way != way)
      continue;
    for (std::size_t i = 0; i < tx.field_instances(place.id); ++i)
      if (const auto value = tx.field(place.id, i); value && test(*value))
        return true;
  }
  return false;
}

/// The number as detect/proto/enip packs it: service, then class and attribute with a bit for
/// "there is one".
bool service_fits(const cip_service& wanted, std::uint64_t packed) noexcept {
  const auto object_class = packed >> 8 & 0xffffU;
  const auto attribute = packed >> 32 & 0xffffU;
  const bool has_class = (packed >> 24 & 1U) != 0;
  const bool has_attribute = (packed >> 48 & 1U) != 0;
  if ((packed & 0xffU) != wanted.service)
    return false;
  if (wanted.object_class && (!has_class || object_class != *wanted.object_class))
    return false;
  return !wanted.attribute ||
         (has_attribute && attribute == *wanted.attribute) != wanted.attribute_negated;
}

} // namespace

std::optional<std::vector<table_place>> places_of(const rule::condition& from) {
  if (std::holds_alternative<dnp3_object>(from))
    return field_places("dnp3_obj", {});
  if (std::holds_alternative<cip_service>(from))
    return field_places("cip_service", {});
  if (!std::holds_alternative<modbus>(from))
    return std::nullopt;
  std::vector<table_place> places;
  for (const auto name : modbus_fields)
    for (const auto& place : field_places(name, {}))
      places.push_back(place);
  return places;
}

std::optional<bool> holds(const ready_condition& c, const proto::transaction& tx,
                          proto::app_protocol protocol, proto::direction way) noexcept {
  const auto of = [&](proto::app_protocol wanted) { return protocol == wanted; };
  if (const auto* wanted = std::get_if<modbus>(c.source))
    return of(proto::app_protocol::modbus) && way == proto::direction::to_server &&
           modbus_judge{*wanted, c, tx}.holds();
  if (const auto* wanted = std::get_if<dnp3_object>(c.source)) {
    const std::uint64_t packed = std::uint64_t{wanted->group} << 8 | wanted->variation;
    return of(proto::app_protocol::dnp3) &&
           has_value(c, tx, way, [&](std::uint64_t value) { return value == packed; });
  }
  if (const auto* wanted = std::get_if<cip_service>(c.source))
    return of(proto::app_protocol::enip) &&
           has_value(c, tx, way, [&](std::uint64_t value) { return service_fits(*wanted, value); });
  return std::nullopt;
}

} // namespace cresset::detect::inspect::industry_match
