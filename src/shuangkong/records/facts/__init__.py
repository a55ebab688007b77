"""事实: what is reported or published, as versions with source; any past day can be looked at again."""
