"""通知 (notices): what one's bodies were told and have to acknowledge; who has read what one's place told."""
