/* Short names for the fields of replies. A reply always has all its members; those with
 * _OR_NULL may be null. */
#ifndef OPSD_CONTRACT_REPLY_FIELDS_H
#define OPSD_CONTRACT_REPLY_FIELDS_H

#include "contract/fields.h"

#define TEXT(member, help) { #member, JSON_STRING, 0, AT(member), .doc = help }
#define TEXT_OR_NULL(member, help) { #member, JSON_STRING, JSON_NULLABLE, AT(member), .doc = help }
#define WORD(member, words, help) { #member, JSON_ENUM, 0, AT(member), .names = words, .doc = help }
#define WORDS(member, words, help) { #member, JSON_STRINGS, 0, AT(member), .names = words, .doc = help }
#define NUMBER(member, help) { #member, JSON_INT, 0, AT(member), .doc = help }
#define FLAG(member, help) { #member, JSON_BOOL, 0, AT(member), .doc = help }
#define STRINGS(member, help) { #member, JSON_STRINGS, 0, AT(member), .doc = help }
#define TIME(name, help) { #name, JSON_TIME, 0, AT(name##_s), .doc = help }
#define TIME_OR_NULL(name, help) { #name, JSON_TIME, JSON_NULLABLE, AT(name##_s), .doc = help }
#define ONE(member, of, help) { #member, JSON_OBJECT, 0, AT(member), .shape = &shape_##of, .doc = help }
#define ONE_OR_NULL(member, of, help) \
  { #member, JSON_OBJECT, JSON_NULLABLE, AT(member), .shape = &shape_##of, .doc = help }
#define LIST(member, of, help) { #member, JSON_OBJECTS, 0, AT(member), .shape = &shape_##of, .doc = help }
#define NEXT TEXT_OR_NULL(next, "What to send as `after` for the items that follow; null at the end.")

#endif
